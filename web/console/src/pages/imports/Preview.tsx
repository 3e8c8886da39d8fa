import { DownloadOutlined } from "@ant-design/icons";
import { Alert, Button, Popconfirm, Segmented, Select } from "antd";

import type { ImportLayout, ImportPreview, ImportRow, Kind } from "../../api/types";
import { PlainTable, type PlainColumn } from "../../parts/PlainTable";
import { Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { Counts } from "./Counts";

const FIELDS_MAX = 7;

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
        <Sheets preview={preview} busy={busy} lay={lay} />
        <Columns preview={preview} busy={busy} lay={lay} />
      </details>
      <Sample preview={preview} kind={kind} />
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

function Columns({ preview, busy, lay }: Pick<Props, "preview" | "busy" | "lay">) {
  const { t } = useWords();
  const { layout } = preview;
  const heads = preview.heads.map((text, column) => ({ column, text: `${letter(column)} ${text}` }));
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
            {preview.fields[field] ?? field}
            {column.column !== null && column.confidence < 0.75 && <span className="tag late">{t("imports.unsure")}</span>}
          </span>
          <Select
            aria-label={preview.fields[field] ?? field}
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

/** Which sheet of the workbook is the register. */
function Sheets({ preview, busy, lay }: Pick<Props, "preview" | "busy" | "lay">) {
  const { t } = useWords();
  if (preview.sheets.length < 2) return null;
  return (
    <Segmented
      aria-label={t("imports.sheet")}
      disabled={busy}
      value={preview.layout.sheet}
      options={preview.sheets}
      onChange={(sheet) => void lay({ ...preview.layout, sheet })}
    />
  );
}

/** A column's letters as Excel has them, counted from 0. */
export function letter(column: number): string {
  const rest = column % 26;
  const higher = Math.floor(column / 26);
  return (higher > 0 ? letter(higher - 1) : "") + String.fromCharCode(65 + rest);
}

function Sample({ preview, kind }: { preview: ImportPreview; kind: Kind }) {
  const { t } = useWords();
  const rows = preview.sample;
  const fields = Object.keys(preview.layout.columns).filter((field) => rows.some((row) => field in row.values)).slice(0, FIELDS_MAX);
  const columns: PlainColumn<ImportRow>[] = [
    { key: "row", title: t("imports.row"), narrow: true, render: (row) => row.row },
    { key: "verdict", title: t("imports.verdict"), render: (row) => <RowVerdict row={row} /> },
    ...fields.map((field) => ({
      key: field,
      title: preview.fields[field] ?? field,
      render: (row: ImportRow) => cell(kind, field, row.values[field]),
    })),
  ];
  return <PlainTable label={t("imports.sample")} columns={columns} rows={rows} keyOf={(row) => row.row} />;
}

function RowVerdict({ row }: { row: ImportRow }) {
  const { t } = useWords();
  return (
    <>
      {row.duplicate ? <span className="tag">{t("imports.n_duplicates")}</span> : row.accepted && <span className="tag accent">{t("imports.accepted")}</span>}
      <Reasons reasons={row.reasons} />
    </>
  );
}

function cell(kind: Kind, field: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return kind.words[`${field}.${String(value)}`] ?? String(value);
}
