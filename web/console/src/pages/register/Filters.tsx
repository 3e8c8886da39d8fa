import { FilterOutlined, SearchOutlined } from "@ant-design/icons";
import { Badge, Button, Checkbox, DatePicker, Drawer, Input, Segmented, Select, TreeSelect } from "antd";
import dayjs from "dayjs";
import { useEffect, useMemo, useState } from "react";

import { useChoices, useKind, useKinds, useReportable } from "../../api/queries";
import { choicesOf, fieldsOf } from "../../form/reading";
import { areaTree } from "../../form/widgets/PlantWidgets";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";
import { Narrowed } from "./Narrowed";
import { DEFAULT_VIEW, narrowing, type View } from "./view";

type Props = { view: View; change: (view: View) => void };

/** Search and open, closed, all in reach; the rest beside it on a desk, in a drawer on a phone. */
export function Filters({ view, change }: Props) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(view.q ?? "");
  const settled = useSettled(text, 300);
  useEffect(() => setText(view.q ?? ""), [view.q]);
  useEffect(() => {
    if (settled === text && settled !== (view.q ?? "")) change({ ...view, q: settled });
    // Only a text that has settled narrows the view; other changes must not bring an old one back.
  }, [settled]);
  return (
    <div className="filters">
      <Input
        className="filters-search"
        aria-label={t("register.search")}
        placeholder={t("register.search")}
        prefix={<SearchOutlined />}
        allowClear
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Segmented
        aria-label={t("register.status")}
        value={view.status ?? "open"}
        onChange={(status) => change({ ...view, status })}
        options={[
          { value: "open", label: t("register.open") },
          { value: "closed", label: t("register.closed") },
          { value: "all", label: t("register.all") },
        ]}
      />
      <div className="filters-rest">
        <Rest view={view} change={change} />
      </div>
      <Badge count={narrowing(view)} size="small" color="var(--accent)" className="filters-button">
        <Button icon={<FilterOutlined />} onClick={() => setOpen(true)}>
          {t("register.filters")}
        </Button>
      </Badge>
      <Drawer open={open} onClose={() => setOpen(false)} title={t("register.filters")} placement="bottom" size="large">
        <div className="filters-drawer">
          <Rest view={view} change={change} />
        </div>
      </Drawer>
      <Narrowed view={view} change={change} />
    </div>
  );
}

function Rest({ view, change }: Props) {
  const { t } = useWords();
  const { data: kinds } = useKinds();
  const { data: choices } = useChoices();
  const reportable = useReportable();
  const kind = useKind(view.kind ?? reportable[0]?.key ?? kinds?.items[0]?.key);
  const tree = useMemo(() => areaTree(choices?.areas ?? []), [choices]);
  const categoryField = kind?.subject.category;
  const category = kind && categoryField ? fieldsOf(kind.form).find((one) => one.name === categoryField) : undefined;
  const risks = kind?.computed?.[0]?.values ?? ["red", "orange", "yellow", "blue"];
  const set = (part: View) => change({ ...view, ...part });
  return (
    <>
      {(kinds?.items.length ?? 0) > 1 && (
        <Select
          aria-label={t("register.kind")}
          placeholder={t("register.kind")}
          allowClear
          value={view.kind ?? null}
          options={kinds?.items.map((one) => ({ value: one.key, label: one.name }))}
          onChange={(next: string | null) => set({ kind: next ?? undefined, stage: undefined, category: undefined })}
        />
      )}
      <Select
        aria-label={t("register.stage")}
        placeholder={t("register.stage")}
        allowClear
        value={view.stage ?? null}
        options={kind?.stages.map((stage) => ({ value: stage.key, label: stage.name }))}
        onChange={(next: string | null) => set({ stage: next ?? undefined })}
      />
      <Select
        aria-label={t("register.risk")}
        placeholder={t("register.risk")}
        allowClear
        value={view.risk ?? null}
        options={risks.map((level) => ({ value: level, label: kind?.words[`risk_level.${level}`] ?? level }))}
        onChange={(next: string | null) => set({ risk: next ?? undefined })}
      />
      <TreeSelect
        aria-label={t("register.area")}
        placeholder={t("register.area")}
        allowClear
        treeData={tree}
        treeDefaultExpandAll
        popupMatchSelectWidth={260}
        value={view.area ?? null}
        onChange={(next: string | null) => set({ area: next ?? undefined })}
      />
      <Select
        aria-label={t("register.equipment")}
        placeholder={t("register.equipment")}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={300}
        value={view.equipment ?? null}
        options={choices?.equipment.map((one) => ({ value: one.id, label: `${one.number} ${one.name}` }))}
        onChange={(next: string | null) => set({ equipment: next ?? undefined })}
      />
      {category && (
        <Select
          aria-label={t("register.category")}
          placeholder={t("register.category")}
          allowClear
          value={view.category ?? null}
          options={choicesOf(kind, category)}
          onChange={(next: string | null) => set({ category: next ?? undefined })}
        />
      )}
      <DatePicker.RangePicker
        aria-label={t("register.opened_between")}
        allowEmpty={[true, true]}
        value={[view.from ? dayjs(view.from) : null, view.to ? dayjs(view.to) : null]}
        onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
      />
      <Checkbox checked={view.overdue === "true"} onChange={(event) => set({ overdue: event.target.checked ? "true" : undefined })}>
        {t("register.overdue")}
      </Checkbox>
      <Checkbox checked={view.mine === "true"} onChange={(event) => set({ mine: event.target.checked ? "true" : undefined })}>
        {t("register.mine")}
      </Checkbox>
      {narrowing(view) > 0 && (
        <Button type="link" onClick={() => change({ ...DEFAULT_VIEW, q: view.q, status: view.status, sort: view.sort })}>
          {t("register.clear")}
        </Button>
      )}
    </>
  );
}
