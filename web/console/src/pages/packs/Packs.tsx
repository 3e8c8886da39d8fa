import { UploadOutlined } from "@ant-design/icons";
import { useState } from "react";
import { Link } from "react-router";

import { useKinds, usePacks } from "../../api/queries";
import { usePermission } from "../../api/session";
import type { Kind, PackVersion } from "../../api/types";
import { Moment } from "../../parts/Clock";
import { Guarded } from "../../parts/Guarded";
import { Bones, Empty, Failure, PageHead } from "../../parts/states";
import { useWords } from "../../words/words";
import "./packs.css";
import { PublishPack } from "./PublishPack";

/** Which kinds of work this plant runs by rules, and who published which version of them. */
export default function Packs() {
  const { t } = useWords();
  const kinds = useKinds();
  const packs = usePacks();
  const mayPublish = usePermission("packs.publish");
  const [publishing, setPublishing] = useState(false);
  return (
    <div className="page">
      <PageHead
        title={t("packs.title")}
        actions={
          <Guarded gate={{ ok: mayPublish, why: t("packs.no_publish") }} icon={<UploadOutlined />} onClick={() => setPublishing(true)}>
            {t("packs.publish")}
          </Guarded>
        }
      >
        {t("packs.text")}
      </PageHead>
      {publishing && <PublishPack close={() => setPublishing(false)} />}
      {kinds.isPending ? (
        <Bones heights={[150, 150]} />
      ) : kinds.error ? (
        <Failure error={kinds.error} again={() => void kinds.refetch()} />
      ) : kinds.data.items.length === 0 ? (
        <Empty title={t("packs.empty")}>{t("packs.empty_text")}</Empty>
      ) : (
        <ul className="kinds">
          {kinds.data.items.map((kind) => (
            <KindCard key={kind.key} kind={kind} pack={packs.data?.items.find((pack) => pack.current && pack.kinds.includes(kind.key))} />
          ))}
        </ul>
      )}
      {packs.data && packs.data.items.length > 0 && <Versions packs={packs.data.items} />}
    </div>
  );
}

function KindCard({ kind, pack }: { kind: Kind; pack: PackVersion | undefined }) {
  const { t } = useWords();
  return (
    <li className="card kind">
      <p className="small soft num">
        {kind.number_prefix} · {pack ? t("packs.version", { version: pack.version.slice(0, 14) }) : kind.version.slice(0, 14)}
      </p>
      <h2>
        <Link to={`/packs/${kind.key}`} className="kind-link">
          {kind.name}
        </Link>
      </h2>
      {kind.description && <p className="soft">{kind.description}</p>}
      <ol className="kind-stages">
        {kind.stages.map((stage) => (
          <li key={stage.key}>{stage.name}</li>
        ))}
      </ol>
    </li>
  );
}

function Versions({ packs }: { packs: PackVersion[] }) {
  const { t } = useWords();
  return (
    <section style={{ marginTop: 30 }}>
      <h2 className="section-title">{t("packs.versions")}</h2>
      <ul className="card decided">
        {packs.map((pack) => (
          <li key={`${pack.name}/${pack.version}`} className="row wrap">
            <b>{pack.title}</b>
            <span className="num soft">{pack.version.slice(0, 14)}</span>
            {pack.current && <span className="tag accent">{t("packs.current")}</span>}
            <span className="grow" />
            <span className="soft">{typeof pack.published_by === "string" ? pack.published_by : pack.published_by?.name}</span>
            <span className="soft">
              <Moment at={pack.published_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
