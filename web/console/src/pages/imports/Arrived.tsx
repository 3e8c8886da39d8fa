import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";

import type { ImportDone, Kind } from "../../api/types";
import { LinkButton } from "../../parts/LinkButton";
import { useWords } from "../../words/words";
import { Counts } from "./Counts";

/** What came of it: live cases, history, and rows to mend. */
export function Arrived({ done, kind, rejects, again }: { done: ImportDone; kind: Kind; rejects: () => Promise<void>; again: () => void }) {
  const { t } = useWords();
  return (
    <div className="stack">
      <h2>{t("imports.done_title", { n: done.accepted })}</h2>
      <Counts counts={done} />
      <p>
        {t("imports.done_open", { n: done.open })} {t("imports.done_history", { n: done.history })}
      </p>
      <div className="row wrap">
        <LinkButton type="primary" size="large" to={`/register?status=all&imported=true&kind=${encodeURIComponent(kind.key)}`}>
          {t("imports.see")}
        </LinkButton>
        {done.rejected > 0 && (
          <Button size="large" icon={<DownloadOutlined />} onClick={() => void rejects()}>
            {t("imports.rejects_n", { n: done.rejected })}
          </Button>
        )}
        <Button size="large" onClick={again}>
          {t("imports.another")}
        </Button>
      </div>
    </div>
  );
}
