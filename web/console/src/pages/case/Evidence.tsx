import { Image } from "antd";

import type { Case, Kind, StoredFile } from "../../api/types";
import { useWords } from "../../words/words";
import { BeforeAfter } from "./BeforeAfter";
import { bySlot, FileTiles, isPicture } from "./FileTiles";
import { Verdict } from "./Verdict";

const BEFORE = "photo_before";
const AFTER = "photo_after";

/** All that proves something, by what it stands for; before and after can be slid over each other. */
export function Evidence({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const files = filesOf(about);
  if (files.length === 0) return null;
  const slots = bySlot(files);
  const members = new Map(slots);
  const before = members.get(BEFORE)?.filter(isPicture).at(-1);
  const after = members.get(AFTER)?.filter(isPicture).at(-1);
  const compared = about.duties.filter((duty) => duty.comparison).at(-1)?.comparison;
  const nameOf = (slot: string) => kind.words[`field.${slot}`] ?? (slot || t("evidence.other"));
  return (
    <section className="card">
      <h2 className="section-title">
        {t("evidence.title")} <span className="count">{files.length}</span>
      </h2>
      {before && after && <BeforeAfter before={before} after={after} />}
      {compared && <Verdict comparison={compared} />}
      <Image.PreviewGroup>
        <div className="evidence-slots">
          {slots.map(([slot, found]) => (
            <div key={slot} className="evidence-slot">
              <h3>{nameOf(slot)}</h3>
              <FileTiles files={found} name={nameOf} />
            </div>
          ))}
        </div>
      </Image.PreviewGroup>
    </section>
  );
}

/** Every file of a case: of the report and its notes, of what was done, of what was asked for. */
export function filesOf(about: Case): StoredFile[] {
  const parts = [...about.duties, ...about.moves];
  return unique([...about.files, ...parts.flatMap((part) => part.files)]);
}

function unique(files: StoredFile[]): StoredFile[] {
  return [...new Map(files.map((file) => [`${file.slot} ${file.sha256}`, file])).values()];
}
