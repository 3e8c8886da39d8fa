import { DownloadOutlined } from "@ant-design/icons";
import { Alert, Button, Popconfirm, Select, Table } from "antd";

import type { ImportLayout, ImportPreview, ImportRow, Kind } from "../../api/types";
import { Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { Counts } from "./Counts";

type Props = {
  preview: ImportPreview;
  kind: Kind;
  busy: boolean;
  lay: (layout: ImportLayout) => Promise<void>;
  commit: () => Promise<void>;
  rejects: () => Promise<void>;
  again: () => void;
};

/** How the file was read: which column is what (mendable), and each row accepted or refused with its reason. */
export function Preview({ preview, kind, busy, lay, commit, rejects, again }: Props) {
  const { t } = useWords();
  const { counts } = preview;
  return (
    <div className="stack">
      <div className="row wrap">
        <b className="grow clip">{preview.file_name}</b>
        <Button type="text" onClick={again}>
          {t("imports.other_file")}
        </Button>
      </div>
      <Counts counts={counts} />
      {preview.layout.problems.length > 0 && <Alert type="warning" showIcon title={<Reasons reasons={preview.layout.problems} />} />}
      <details className="columns" open={preview.layout.problems.length > 0}>
        <summary>{t("imports.columns")}</summary>
        <p className="soft small">{t("imports.columns_text")}</p>
        <Columns preview={preview} kind={kind} busy={busy} lay={lay} />
      </details>
      <Sample rows={preview.sample} kind={kind} />
      <footer className="row wrap">
        <Popconfirm title={t("imports.sure", { n: counts.accepted })} okText={t("imports.commit")} cancelText={t("cancel")} onConfirm={() => void commit()}>
          <Button type="primary" size="large" loading={busy} disabled={counts.accepted === 0}>
            {t("imports.commit_n", { n: counts.accepted })}
          </Button>
        </Popconfirm>
        {counts.rejected > 0 && (
          <Button size="large" icon={<DownloadOutlined />} onClick={() => void rejects()}>
            {t("imports.rejects_n", { n: counts.rejected })}
          </Button>
        )}
      </footer>
    </div>
  );
}

function Columns({ preview, kind, busy, lay }: Pick<Props, "preview" | "kind" | "busy" | "lay">) {
  const { t } = useWords();
  const { layout } = preview;
  const heads = headsOf(preview);
  const choose = (field: string, column: number | null) =>
    void lay({
      ...layout,
      columns: {
        ...layout.columns,
        [field]: { column, head: heads.find((head) => head.column === column)?.text ?? null, confidence: 1 },
      },
    });
  return (
    <div className="columns-grid">
      {Object.entries(layout.columns).map(([field, column]) => (
        <label key={field} className="columns-field">
          <span>
            {kind.words[`field.${field}`] ?? kind.words[`import.${field}`] ?? field}
            {column.column !== null && column.confidence < 0.75 && <span className="tag late">{t("imports.unsure")}</span>}
          </span>
          <Select
            aria-label={kind.words[`field.${field}`] ?? field}
            value={column.column}
            disabled={busy}
            allowClear
            placeholder={t("imports.no_column")}
            onChange={(next: number | undefined) => choose(field, next ?? null)}
            options={heads.map((head) => ({ value: head.column, label: head.text }))}
          />
        </label>
      ))}
    </div>
  );
}

type Head = { column: number; text: string };

/** The file's columns as their heads say; those that no field uses are known by the preview's heads alone. */
function headsOf(preview: ImportPreview): Head[] {
  const found = new Map<number, string>();
  preview.heads?.forEach((text, column) => found.set(column, `${letter(column)} ${text}`));
  for (const { column, head } of Object.values(preview.layout.columns)) {
    if (column !== null && !found.has(column)) found.set(column, `${letter(column)} ${head ?? ""}`);
  }
  return [...found].map(([column, text]) => ({ column, text })).sort((one, other) => one.column - other.column);
}

export function letter(column: number): string {
  const rest = column % 26;
  const higher = Math.floor(column / 26);
  return (higher > 0 ? letter(higher - 1) : "") + String.fromCharCode(65 + rest);
}

function Sample({ rows, kind }: { rows: ImportRow[]; kind: Kind }) {
  const { t } = useWords();
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.values)))].slice(0, 7);
  return (
    <Table<ImportRow>
      size="small"
      rowKey="row"
      dataSource={rows}
      scroll={{ x: "max-content" }}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        { title: t("imports.row"), dataIndex: "row", width: 64, className: "num" },
        {
          title: t("imports.verdict"),
          width: 260,
          render: (_, row) => (row.accepted ? <span className="tag accent">{t("imports.accepted")}</span> : <Reasons reasons={row.reasons} />),
        },
        ...fields.map((field) => ({
          title: kind.words[`field.${field}`] ?? field,
          render: (_: unknown, row: ImportRow) => <span className="sample-cell">{cell(kind, field, row.values[field])}</span>,
        })),
      ]}
    />
  );
}

function cell(kind: Kind, field: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return kind.words[`${field}.${String(value)}`] ?? String(value);
}
