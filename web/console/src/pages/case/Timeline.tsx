import { FileOutlined } from "@ant-design/icons";
import { Image } from "antd";

import { useTimeline } from "../../api/queries";
import type { StoredFile, TimelineItem } from "../../api/types";
import { Ago } from "../../parts/Clock";
import { Bones, Failure } from "../../parts/states";
import { useWords } from "../../words/words";
import { isPicture } from "./FileTiles";

const LOUD = new Set(["DutyBreached", "RungReached", "CaseReopened"]);
const GLAD = new Set(["CaseClosed", "DutyDischarged", "CaseOpened"]);

/** The whole history in words, newest first: who, when, by which rule. */
export function Timeline({ id }: { id: string }) {
  const { t } = useWords();
  const { data, error, isPending, refetch } = useTimeline(id);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="section-title">
        {t("timeline.title")} {data && <span className="count">{data.items.length}</span>}
      </h2>
      {isPending ? (
        <Bones heights={[40, 40, 40, 40, 40]} />
      ) : error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : (
        <ol className="timeline">
          {[...data.items].reverse().map((item, place) => (
            <li key={`${item.version}/${place}`} className={LOUD.has(item.type) ? "loud" : GLAD.has(item.type) ? "glad" : ""}>
              <p className="lines">{item.text}</p>
              <Thumbs files={filesIn(item)} />
              <p className="small soft">
                <Ago at={item.at} />
                {item.by ? ` · ${item.by.name}` : ""}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What came with an entry, small. */
function Thumbs({ files }: { files: StoredFile[] }) {
  const { t } = useWords();
  if (files.length === 0) return null;
  return (
    <Image.PreviewGroup>
      <p className="timeline-files">
        {files.map((file) =>
          isPicture(file) ? (
            <Image key={file.slot + file.sha256} width={44} height={44} src={file.thumb_url ?? file.url} preview={{ src: file.url }} alt={t("timeline.photo")} />
          ) : (
            <a key={file.slot + file.sha256} href={file.url} target="_blank" rel="noreferrer" className="small">
              <FileOutlined /> {t("evidence.open")}
            </a>
          ),
        )}
      </p>
    </Image.PreviewGroup>
  );
}

function filesIn(item: TimelineItem): StoredFile[] {
  const files = item.detail.files;
  return Array.isArray(files) ? (files as StoredFile[]) : [];
}
