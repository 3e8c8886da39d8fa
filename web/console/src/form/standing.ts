import { useState } from "react";

import { fieldOf } from "../api/problem";
import type { Reason, Schema } from "../api/types";
import type { Filling } from "./draft";

/**
 * Of what the server said last, what still stands: a field that was changed since says nothing more until it is sent
 * again. `reasons` must be another array for every answer.
 */
export function useStanding(reasons: Reason[], form: Schema, filling: Filling): Reason[] {
  const { values, proofs } = filling;
  const [spoken, setSpoken] = useState({ reasons, values, proofs });
  if (spoken.reasons !== reasons) {
    setSpoken({ reasons, values, proofs });
    return reasons;
  }
  return reasons.filter((reason) => {
    const name = fieldOf(reason);
    const drawn = form["x-proofs"]?.[name]?.["x-widget"] === "signature" && spoken.proofs.drawing !== proofs.drawing;
    return !drawn && spoken.values[name] === values[name] && spoken.proofs.pieces[name] === proofs.pieces[name];
  });
}
