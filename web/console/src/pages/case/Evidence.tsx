import { Image, Segmented } from "antd";
import { useState } from "react";

import { usePhotoFindings } from "../../api/queries";
import type { Case, Kind, PlacePair, StoredFile } from "../../api/types";
import { useWords } from "../../words/words";
import { BeforeAfter } from "./BeforeAfter";
import { bySlot, FileTiles, isPicture } from "./FileTiles";
import { PhotoCheck } from "./PhotoCheck";
import { Verdict } from "./Verdict";

/** What is slid over each other until the server has said which photos it compares. */
const SLOTS = ["photo_before", "photo_after"];

/** All that proves something, by what it stands for; before and after can be slid over each other. */
export function Evidence({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const files = filesOf(about);
  const { data: findings } = usePhotoFindings(about.id, files.some(isPicture));
  const [chosen, choose] = useState<number>();
  if (files.length === 0) return null;
  const slots = bySlot(files);
  const members = new Map(slots);
  const pairs = findings ? latest(findings.pairs) : [];
  const pair = pairs[chosen ?? pairs.length - 1] ?? pairs.at(-1);
  const [before, after] = SLOTS.map((slot, place) => {
    const sha256 = place === 0 ? pair?.before : pair?.after;
    return pair ? files.find((file) => file.sha256 === sha256) : members.get(slot)?.filter(isPicture).at(-1);
  });
  const compared = about.duties.filter((duty) => duty.comparison).at(-1)?.comparison;
  const nameOf = (slot: string) => kind.words[`field.${slot}`] ?? (slot || t("evidence.other"));
  return (
    <section className="card">
      <h2 className="section-title">
        {t("evidence.title")} <span className="count">{files.length}</span>
      </h2>
      {before && after && <BeforeAfter key={before.sha256 + after.sha256} before={before} after={after} />}
      {pairs.length > 1 && (
        <Segmented
          className="pair-choice"
          aria-label={t("evidence.pair")}
          value={pairs.indexOf(pair!)}
          onChange={choose}
          options={pairs.map((_, no) => ({ value: no, label: t("evidence.pair_no", { no: String(no + 1) }) }))}
        />
      )}
      {compared && <Verdict comparison={compared} />}
      {findings && findings.photos.length > 0 && <PhotoCheck findings={findings} pair={pair} nameOf={nameOf} />}
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

/** The pairs of the duty that was done last: what is to be verified now. */
function latest(pairs: PlacePair[]): PlacePair[] {
  const last = pairs.at(-1)?.duty;
  return pairs.filter((pair) => pair.duty === last);
}

/** Every file of a case: of the report and its notes, of what was done, of what was asked for. */
export function filesOf(about: Case): StoredFile[] {
  const parts = [...about.duties, ...about.moves];
  return unique([...about.files, ...parts.flatMap((part) => part.files)]);
}

function unique(files: StoredFile[]): StoredFile[] {
  return [...new Map(files.map((file) => [`${file.slot} ${file.sha256}`, file])).values()];
}
