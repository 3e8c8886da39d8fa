import { CheckOutlined, EnvironmentOutlined, ToolOutlined } from "@ant-design/icons";
import { Link } from "react-router";

import { useKind } from "../../api/queries";
import type { Task } from "../../api/types";
import { Clock } from "../../parts/Clock";
import { Lapsed } from "../../parts/Lapsed";
import { Guarded } from "../../parts/Guarded";
import { Risk } from "../../parts/Risk";
import { TimeTrack } from "../../parts/TimeTrack";
import { useWords } from "../../words/words";
import { isReceipt } from "./receipt";

/** One thing owed: what to do, about what, where, and how its time burns. */
export function TaskCard({ task, busy, acknowledge }: { task: Task; busy: boolean; acknowledge: () => void }) {
  const { t } = useWords();
  const { case: about, duty } = task;
  const kind = useKind(about.kind);
  return (
    <li className="task">
      <span className={`task-edge edge-${about.risk_level ?? "none"}`} aria-hidden />
      <div className="task-what">
        <p className="row wrap">
          <span className="tag accent">{duty.name}</span>
          <Risk level={about.risk_level} kind={about.kind} />
          {duty.blind && <span className="tag solid">{t("blind.tag")}</span>}
        </p>
        <Link className="task-title" to={`/cases/${about.id}?duty=${duty.no}`}>
          {about.title || about.kind_name}
        </Link>
        <p className="task-where small soft">
          <span className="num">{about.number}</span>
          {about.area && (
            <span>
              <EnvironmentOutlined /> {about.area.name}
            </span>
          )}
          {about.equipment && (
            <span>
              <ToolOutlined /> {about.equipment.number} {about.equipment.name} <Lapsed of={about.equipment.lapsed} />
            </span>
          )}
          {duty.party.text && <span>{duty.party.text}</span>}
        </p>
      </div>
      <div className="task-time">
        <Clock dueAt={duty.due_at} givenAt={duty.opened_at} />
        <TimeTrack openedAt={duty.opened_at} dueAt={duty.due_at} rungs={duty.rungs} />
      </div>
      <div className="task-do">
        {isReceipt(task, kind) ? (
          <Guarded gate={duty.may.do} type="primary" ghost icon={<CheckOutlined />} loading={busy} onClick={acknowledge}>
            {duty.name}
          </Guarded>
        ) : (
          <Link className="task-go" to={`/cases/${about.id}?duty=${duty.no}`}>
            {duty.may.do.ok ? t("tasks.do") : t("tasks.look")}
          </Link>
        )}
      </div>
    </li>
  );
}
