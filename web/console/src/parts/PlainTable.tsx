import type { ReactNode } from "react";

export type PlainColumn<T> = { key: string; title: string; render: (row: T) => ReactNode; narrow?: boolean };

type Props<T> = { label: string; columns: PlainColumn<T>[]; rows: T[]; keyOf: (row: T) => string | number; choose?: (row: T) => void };

/** A table that scrolls sideways within its frame; a row can be chosen by a tap anywhere on it. */
export function PlainTable<T>({ label, columns, rows, keyOf, choose }: Props<T>) {
  return (
    <div className="plain-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={choose ? "chosen-by-tap" : undefined} onClick={choose && (() => choose(row))}>
              {columns.map((column) => (
                <td key={column.key} data-label={column.title} className={column.narrow ? "narrow" : undefined}>
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
