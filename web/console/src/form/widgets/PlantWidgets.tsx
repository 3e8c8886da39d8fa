import { Button, Select, TreeSelect, type SelectProps } from "antd";
import { useMemo } from "react";

import { useChoices } from "../../api/queries";
import type { Choices } from "../../api/types";
import { useWords } from "../../words/words";
import { textOf, type WidgetProps } from "./widget";

const status = (wrong: boolean) => (wrong ? ("error" as const) : ("" as const));
const EMPTY: Choices = { areas: [], equipment: [], people: [], teams: [], posts: [] };

export type TreeNode = { value: string; title: string; children?: TreeNode[] };

/** Areas as a tree; one whose parent is unknown stands at the top. */
export function areaTree(areas: Choices["areas"]): TreeNode[] {
  const known = new Set(areas.map((area) => area.id));
  const under = (parent: string | null): TreeNode[] =>
    areas
      .filter((area) => (area.parent && known.has(area.parent) ? area.parent : null) === parent)
      .map((area) => {
        const children = under(area.id);
        return { value: area.id, title: area.name, ...(children.length > 0 ? { children } : {}) };
      });
  return under(null);
}

export function AreaWidget({ id, value, wrong, describedBy, change }: WidgetProps) {
  const { t } = useWords();
  const { data = EMPTY, isPending } = useChoices();
  const tree = useMemo(() => areaTree(data.areas), [data.areas]);
  const area = data.areas.find((one) => one.id === value);
  return (
    <>
      <TreeSelect
        id={id}
        size="large"
        style={{ width: "100%" }}
        loading={isPending}
        treeData={tree}
        treeDefaultExpandAll
        showSearch={{ treeNodeFilterProp: "title" }}
        allowClear
        placeholder={t("area.choose")}
        value={textOf(value) || undefined}
        status={status(wrong)}
        aria-describedby={describedBy}
        onChange={(next: string | undefined) => change(next)}
      />
      {area && !area.photos_allowed && <p className="field-hint strong">{t("area.no_photos")}</p>}
    </>
  );
}

/** A machine by number or name; those of the chosen area first. Choosing one fills in its area. */
export function EquipmentWidget({ id, kind, field, value, values, wrong, describedBy, change, changeOther }: WidgetProps) {
  const { t } = useWords();
  const { data = EMPTY, isPending } = useChoices();
  const none = field.schema["x-none"];
  const areaField = kind.subject.area;
  const area = areaField ? values[areaField] : undefined;
  const options = useMemo((): SelectProps["options"] => {
    const here = data.equipment.filter((one) => one.area === area);
    const elsewhere = data.equipment.filter((one) => one.area !== area);
    const asOption = (one: Choices["equipment"][number]) => ({ value: one.id, label: `${one.number}  ${one.name}` });
    return here.length === 0
      ? elsewhere.map(asOption)
      : [
          { label: t("equipment.here"), options: here.map(asOption) },
          { label: t("equipment.elsewhere"), options: elsewhere.map(asOption) },
        ];
  }, [data.equipment, area, t]);
  const choose = (next: string | undefined) => {
    change(next);
    const its = data.equipment.find((one) => one.id === next)?.area;
    if (its && areaField && !area) changeOther(areaField, its);
  };
  return (
    <div className="row">
      <Select
        id={id}
        size="large"
        className="grow"
        loading={isPending}
        showSearch={{ optionFilterProp: "label" }}
        allowClear
        placeholder={value === none && none ? t("equipment.none") : t("equipment.choose")}
        value={value === none ? null : textOf(value) || null}
        status={status(wrong)}
        aria-describedby={describedBy}
        options={options}
        onChange={(next: string | undefined) => choose(next)}
      />
      {none && (
        <Button
          size="large"
          type={value === none ? "primary" : "default"}
          aria-pressed={value === none}
          onClick={() => change(value === none ? undefined : none)}
        >
          {t("equipment.none")}
        </Button>
      )}
    </div>
  );
}

export function PersonWidget({ id, field, value, wrong, describedBy, change }: WidgetProps) {
  const { t } = useWords();
  const { data = EMPTY, isPending } = useChoices();
  if (field.schema.type === "array") {
    return (
      <Select
        id={id}
        mode="multiple"
        size="large"
        style={{ width: "100%" }}
        loading={isPending}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("people.choose")}
        value={Array.isArray(value) ? (value as string[]) : []}
        status={status(wrong)}
        aria-describedby={describedBy}
        options={peopleOptions(data)}
        onChange={(next: string[]) => change(next.length ? next : undefined)}
      />
    );
  }
  return (
    <Select
      id={id}
      size="large"
      style={{ width: "100%" }}
      loading={isPending}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      placeholder={t("person.choose")}
      value={textOf(value) || null}
      status={status(wrong)}
      aria-describedby={describedBy}
      options={peopleOptions(data)}
      onChange={(next: string | undefined) => change(next)}
    />
  );
}

function peopleOptions(data: Choices) {
  const teams = new Map(data.teams.map((team) => [team.id, team.name]));
  return data.people.map((one) => ({
    value: one.id,
    label: [one.name, one.number, one.team ? (teams.get(one.team) ?? one.team) : ""].filter(Boolean).join(" · "),
  }));
}

/** A person, a team or a post (of an area), as the core writes parties. */
export function PartyWidget({ id, value, wrong, describedBy, change }: WidgetProps) {
  const { t } = useWords();
  const { data = EMPTY, isPending } = useChoices();
  const options = useMemo(() => {
    const posts = data.posts.flatMap((post) =>
      post.per_area
        ? data.areas.map((area) => ({ value: `post:${post.id}@${area.id}`, label: `${post.name} · ${area.name}` }))
        : [{ value: `post:${post.id}@plant`, label: post.name }],
    );
    return [
      { label: t("party.people"), options: peopleOptions(data).map((one) => ({ ...one, value: `person:${one.value}` })) },
      { label: t("party.teams"), options: data.teams.map((one) => ({ value: `team:${one.id}`, label: one.name })) },
      { label: t("party.posts"), options: posts },
    ];
  }, [data, t]);
  return (
    <Select
      id={id}
      size="large"
      style={{ width: "100%" }}
      loading={isPending}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      placeholder={t("party.choose")}
      value={textOf(value) || null}
      status={status(wrong)}
      aria-describedby={describedBy}
      options={options}
      onChange={(next: string | undefined) => change(next)}
    />
  );
}
