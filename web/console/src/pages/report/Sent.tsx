import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";

import { useCase } from "../../api/queries";
import type { Reported } from "../../api/types";
import { Clock } from "../../parts/Clock";
import { LinkButton } from "../../parts/LinkButton";
import { Risk } from "../../parts/Risk";
import { Reasons } from "../../parts/states";
import { useWords } from "../../words/words";

/** It arrived: its number, and who has what to do by when. */
export function Sent({ made, again }: { made: Reported; again: () => void }) {
  const { t } = useWords();
  const { data } = useCase(made.id);
  const open = data?.duties.filter((duty) => duty.status === "open") ?? [];
  const incomplete = made.incomplete;
  return (
    <div className="page">
      <section className="sent">
        <span className="sent-tick">
          <CheckOutlined />
        </span>
        <p className="soft">{incomplete.length > 0 ? t("sent.taken_in") : t("sent.dispatched")}</p>
        <h1 className="num" data-testid="number">
          {made.number}
        </h1>
        <p className="row wrap" style={{ justifyContent: "center" }}>
          <Risk level={made.risk_level} kind={made.kind} />
          <span>{made.stage_name}</span>
        </p>
        {incomplete.length > 0 && (
          <div className="card sent-list">
            <h3>{t("sent.incomplete")}</h3>
            <Reasons reasons={incomplete} />
          </div>
        )}
        {open.length > 0 && (
          <ul className="card sent-list">
            {open.map((duty) => (
              <li key={duty.no} className="row wrap">
                <b>{duty.name}</b>
                <span className="grow soft">{[duty.party.text, ...duty.holders.map((one) => one.name)].filter(Boolean).join(" · ")}</span>
                <Clock dueAt={duty.due_at} />
              </li>
            ))}
          </ul>
        )}
        <div className="row wrap" style={{ justifyContent: "center" }}>
          <LinkButton to={`/cases/${made.id}`} type="primary" size="large">
            {t("sent.open")}
          </LinkButton>
          <Button size="large" onClick={again}>
            {t("sent.again")}
          </Button>
        </div>
      </section>
    </div>
  );
}
