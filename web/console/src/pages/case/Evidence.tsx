import { FileOutlined } from "@ant-design/icons";
import { Image } from "antd";

import type { Case, Kind, StoredFile } from "../../api/types";
import { Ago } from "../../parts/Clock";
import { useWords } from "../../words/words";
import { BeforeAfter } from "./BeforeAfter";
import { Verdict } from "./Verdict";

const BEFORE = "photo_before";
const AFTER = "photo_after";

/** All that proves something, by what it stands for; before and after can be slid over each other. */
export function Evidence({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const files = unique([...about.files, ...about.duties.flatMap((duty) => duty.files)]);
  if (files.length === 0) return null;
  const slots = new Map<string, StoredFile[]>();
  for (const file of files) slots.set(file.slot ?? "", [...(slots.get(file.slot ?? "") ?? []), file]);
  const before = slots.get(BEFORE)?.filter(isPicture).at(-1);
  const after = slots.get(AFTER)?.filter(isPicture).at(-1);
  const compared = about.duties.filter((duty) => duty.comparison).at(-1)?.comparison;
  return (
    <section className="card">
      <h2 className="section-title">
        {t("evidence.title")} <span className="count">{files.length}</span>
      </h2>
      {before && after && <BeforeAfter before={before} after={after} />}
      {compared && <Verdict comparison={compared} />}
      <Image.PreviewGroup>
        <div className="evidence-slots">
          {[...slots].map(([slot, members]) => (
            <div key={slot} className="evidence-slot">
              <h3>{kind.words[`field.${slot}`] ?? (slot || t("evidence.other"))}</h3>
              <ul className="evidence">
                {members.map((file) => (
                  <EvidenceItem key={file.sha256 + file.slot} file={file} name={kind.words[`field.${slot}`] ?? slot} />
                ))}
              </ul>
            </div>
          ))}
        </div>
      </Image.PreviewGroup>
    </section>
  );
}

function EvidenceItem({ file, name }: { file: StoredFile; name: string }) {
  const { t } = useWords();
  const at = file.captured_at ?? file.received_at;
  return (
    <li>
      {isPicture(file) ? (
        <Image
          className="evidence-photo"
          src={file.thumb_url ?? file.url}
          preview={{ src: file.url }}
          alt={name}
        />
      ) : (
        <a className="evidence-file" href={file.url} target="_blank" rel="noreferrer">
          <FileOutlined /> {t("evidence.open")}
        </a>
      )}
      <p className="small soft">
        {at && <Ago at={at} />}
        {file.captured_by ? ` · ${file.captured_by.name}` : ""}
      </p>
      <p className="small soft num" title={file.sha256}>
        {file.sha256.slice(0, 12)}
      </p>
    </li>
  );
}

export const isPicture = (file: StoredFile) => file.media_type.startsWith("image/");

function unique(files: StoredFile[]): StoredFile[] {
  return [...new Map(files.map((file) => [`${file.slot ?? ""} ${file.sha256}`, file])).values()];
}
