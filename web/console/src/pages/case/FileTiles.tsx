import { FileOutlined } from "@ant-design/icons";
import { Image } from "antd";

import type { Kind, StoredFile } from "../../api/types";
import { Ago } from "../../parts/Clock";
import { useWords } from "../../words/words";

/** Files beside each other: pictures to look at, papers to open, each with its time, its sender and its hash. */
export function FileTiles({ files, name }: { files: StoredFile[]; name: (slot: string) => string }) {
  if (files.length === 0) return null;
  return (
    <ul className="evidence">
      {files.map((file) => (
        <Tile key={file.sha256 + file.slot} file={file} name={name(file.slot)} />
      ))}
    </ul>
  );
}

function Tile({ file, name }: { file: StoredFile; name: string }) {
  const { t } = useWords();
  const at = file.captured_at ?? file.received_at;
  return (
    <li>
      {isPicture(file) ? (
        <Image className="evidence-photo" src={file.thumb_url ?? file.url} preview={{ src: file.url }} alt={name} />
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

/** What stands beside a wish: its files, each under the name of its slot. */
export function WishFiles({ files, kind }: { files: StoredFile[]; kind: Kind }) {
  const slots = bySlot(files);
  if (slots.length === 0) return null;
  return (
    <Image.PreviewGroup>
      <div className="evidence-slots wish-files">
        {slots.map(([slot, members]) => (
          <div key={slot} className="evidence-slot">
            <h3>{kind.words[`field.${slot}`] ?? slot}</h3>
            <FileTiles files={members} name={() => kind.words[`field.${slot}`] ?? slot} />
          </div>
        ))}
      </div>
    </Image.PreviewGroup>
  );
}

export const isPicture = (file: StoredFile) => file.media_type.startsWith("image/");

/** Files by what they stand for, in the order in which they came. */
export function bySlot(files: StoredFile[]): [string, StoredFile[]][] {
  const slots = new Map<string, StoredFile[]>();
  for (const file of files) slots.set(file.slot, [...(slots.get(file.slot) ?? []), file]);
  return [...slots];
}
