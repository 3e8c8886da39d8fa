import { useEffect, useState } from "react";

import { ask } from "../../api/client";
import type { Checked, Values } from "../../api/types";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";

/** The server's word on what is filled in so far; nothing is stored. Null until it was asked once. */
export function useCheck(kind: string, values: Values): Checked | null {
  const [checked, setChecked] = useState<Checked | null>(null);
  const { language } = useWords();
  const said = useSettled(JSON.stringify(values), 400);
  useEffect(() => {
    const stop = new AbortController();
    ask<Checked>("POST", "/cases/check", { body: { kind, form: JSON.parse(said) as Values }, signal: stop.signal }).then(
      setChecked,
      // Without an answer the report can still be sent; the server then says what is missing.
      () => undefined,
    );
    return () => stop.abort();
  }, [kind, said, language]);
  return checked;
}
