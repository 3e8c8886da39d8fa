import { DatePicker, Segmented } from "antd";
import dayjs from "dayjs";
import quarters from "dayjs/plugin/quarterOfYear";
import { useState } from "react";

import { useWords } from "../../words/words";
import { Fetching } from "./Fetching";

dayjs.extend(quarters);

type Length = "quarter" | "year";

/** The statistics of a quarter or a year, to be signed by the principal. */
export function Statistics({ today }: { today: string }) {
  const { t } = useWords();
  const [length, setLength] = useState<Length>("quarter");
  const [first, setFirst] = useState(() => dayjs(today).startOf("quarter"));
  const period = length === "quarter" ? `${first.year()}-Q${first.quarter()}` : String(first.year());
  return (
    <Fetching path={`/reports/statistics/${period}`} name={`${t("meeting.statistics")} ${period}`} endings={["pdf", "xlsx"]} title={t("meeting.statistics")}>
      <span className="row wrap">
        <Segmented
          aria-label={t("meeting.length")}
          value={length}
          onChange={setLength}
          options={[
            { value: "quarter", label: t("meeting.quarter") },
            { value: "year", label: t("meeting.year") },
          ]}
        />
        <DatePicker aria-label={t("meeting.period")} picker={length} allowClear={false} value={first} onChange={(next) => next && setFirst(next)} />
        <span>{t("meeting.statistics_text")}</span>
      </span>
    </Fetching>
  );
}
