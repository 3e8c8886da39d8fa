import { App, Input } from "antd";
import { useState } from "react";

import { post } from "../../api/client";
import { useRefresh } from "../../api/queries";
import type { Case } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { PhotoSlot } from "../../form/proofs/PhotoSlot";
import { isSending, NO_PROOFS, usesOf, type Proofs } from "../../form/proofs";
import { Guarded } from "../../parts/Guarded";
import { failureText } from "../../parts/states";
import { useWords } from "../../words/words";

/** A word or a picture beside the case, kept in its history. */
export function Notes({ about }: { about: Case }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [text, setText] = useState("");
  const [proofs, setProofs] = useState<Proofs>(NO_PROOFS);
  const [key, setKey] = useState(() => uuid7());
  const [busy, setBusy] = useState(false);
  if (!about.may.note.ok) return null;
  const send = async () => {
    setBusy(true);
    try {
      await post(`/cases/${about.id}/notes`, { text: text.trim(), files: usesOf(proofs) }, key);
      setText("");
      setProofs(NO_PROOFS);
      setKey(uuid7());
      await refresh(about.id);
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const ready = text.trim() !== "" && !isSending(proofs);
  return (
    <section className="card note">
      <Input.TextArea
        aria-label={t("note.label")}
        placeholder={t("note.label")}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text !== "" && (
        <>
          <PhotoSlot slot="note" label={t("note.photos")} max={4} pieces={proofs.pieces.note ?? []} change={setProofs} />
          <Guarded gate={{ ok: ready, why: t("note.wait") }} loading={busy} onClick={() => void send()}>
            {t("note.send")}
          </Guarded>
        </>
      )}
    </section>
  );
}
