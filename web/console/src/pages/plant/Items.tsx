import { PlusOutlined, QrcodeOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import type { PlantItem, Schema } from "../../api/types";
import { Guarded } from "../../parts/Guarded";
import { PlainTable, type PlainColumn } from "../../parts/PlainTable";
import { Bones, Empty, Failure } from "../../parts/states";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";
import { ItemDrawer } from "./ItemDrawer";
import { essence, kindsNamed, useItems, useItemSchema, useNames } from "./items";
import type { ItemKind } from "./Plant";
import { QrPlate } from "./QrPlate";

const COLUMNS_MAX = 7;

/** All items of a kind, found by words, each opened for editing by a tap. */
export function Items({ kind, mayEdit }: { kind: ItemKind; mayEdit: boolean }) {
  const { t } = useWords();
  const [search] = useSearchParams();
  const area = search.get("area");
  const [text, setText] = useState("");
  const q = useSettled(text.trim(), 250);
  const schema = useItemSchema(kind);
  const { items, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useItems(kind, q);
  const [edited, setEdited] = useState<PlantItem | "new" | null>(null);
  const [plate, setPlate] = useState<PlantItem | null>(null);
  const columns = useColumns(schema.data);
  const shown = area ? items.filter((item) => item.body.area === area) : items;

  if (error ?? schema.error) return <Failure error={error ?? schema.error} again={() => void refetch()} />;
  const plates: PlainColumn<PlantItem>[] =
    kind === "equipment"
      ? [
          {
            key: "plate",
            title: t("plant.plate"),
            narrow: true,
            render: (item) => (
              <Button
                type="text"
                icon={<QrcodeOutlined />}
                aria-label={t("plant.plate_of", { name: item.id })}
                onClick={(event) => {
                  event.stopPropagation();
                  setPlate(item);
                }}
              />
            ),
          },
        ]
      : [];
  return (
    <>
      <div className="row wrap items-tools">
        <Input aria-label={t("plant.search")} placeholder={t("plant.search")} prefix={<SearchOutlined />} allowClear value={text} onChange={(event) => setText(event.target.value)} style={{ maxWidth: 300 }} />
        <span className="grow" />
        <Guarded gate={{ ok: mayEdit, why: t("plant.no_edit") }} type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
          {t("plant.add")}
        </Guarded>
      </div>
      {isPending || !schema.data ? (
        <Bones heights={[44, 44, 44, 44, 44, 44]} />
      ) : (
        <div className="items">
          {shown.length === 0 ? (
            <Empty title={t("plant.no_items")}>{t("plant.no_items_text")}</Empty>
          ) : (
            <PlainTable label={t(`plant.${kind}`)} columns={[...columns, ...plates]} rows={shown} keyOf={(item) => item.id} choose={setEdited} />
          )}
        </div>
      )}
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {edited && schema.data && <ItemDrawer kind={kind} item={edited === "new" ? null : edited} schema={schema.data} mayEdit={mayEdit} close={() => setEdited(null)} />}
      {plate && <QrPlate item={plate} close={() => setPlate(null)} />}
    </>
  );
}

/** Columns for what a line can hold; the first one opens the item by keyboard too. */
function useColumns(schema: Schema | undefined): PlainColumn<PlantItem>[] {
  const { t } = useWords();
  const named = useMemo(() => kindsNamed(schema), [schema]);
  const names = useNames(named);
  return useMemo(() => {
    if (!schema) return [];
    const fields = Object.entries(schema.properties ?? {})
      .filter(([name]) => name !== "type")
      .flatMap(([name, part]) => (typeof part === "object" ? [{ name, part: essence(schema, part) }] : []))
      .filter(({ name, part }) => part.type !== "object" && name !== "id" && !(part.type === "array" && essence(schema, part.items ?? {}).type === "object"));
    const known = (part: Schema) => part["x-ref"] ?? part.items?.["x-ref"];
    const said = (part: Schema, value: unknown): string => {
      if (value === null || value === undefined || value === "") return "";
      if (typeof value === "boolean") return value ? t("yes") : t("no");
      if (Array.isArray(value)) return value.map((one) => (one === null ? t("plant.off") : said({ "x-ref": known(part), ...part.items }, one))).join("、");
      const ref = known(part);
      return (ref ? names.get(ref)?.get(String(value)) : undefined) ?? String(value);
    };
    return fields.slice(0, COLUMNS_MAX).map(({ name, part }, place) => ({
      key: name,
      title: part.title ?? name,
      render: (item: PlantItem) =>
        place === 0 ? (
          <button type="button" className="bare items-name">
            {said(part, item.body[name]) || item.id}
          </button>
        ) : (
          said(part, item.body[name])
        ),
    }));
  }, [schema, names, t]);
}
