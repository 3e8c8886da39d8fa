import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";

import { useCase, useKinds, useReportable } from "../../api/queries";
import type { Kind, Values } from "../../api/types";
import { useSession } from "../../api/session";
import { Bones, Empty, Failure } from "../../parts/states";
import { useWords } from "../../words/words";
import { ReportForm } from "./ReportForm";

/** A report of the chosen kind; the first that can be reported where none was chosen. */
export default function Report() {
  const { t } = useWords();
  const { account } = useSession();
  const { kind: wanted } = useParams();
  const [search] = useSearchParams();
  const { isPending, error, refetch } = useKinds();
  const kinds = useReportable();
  const kind = kinds.find((one) => one.key === wanted) ?? kinds[0];
  const given = search.toString();
  const parent = search.get("parent") ?? "";
  const walk = useCase(parent);
  const begun = walk.data?.finds?.form;
  const initial = useMemo(() => (kind ? { ...begun, ...givenValues(kind, new URLSearchParams(given)) } : {}), [kind, begun, given]);

  if (walk.error && parent) return <Failure error={walk.error} again={() => void walk.refetch()} />;
  if (isPending || (parent && !walk.data)) {
    return (
      <div className="page">
        <Bones heights={[44, 96, 220, 180]} />
      </div>
    );
  }
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!kind) return <Empty title={t("report.nothing")}>{t("report.nothing_text")}</Empty>;
  const place = ["anhuan.draft", account.id, kind.key, ...(parent ? [parent] : [])].join(".");
  return <ReportForm key={`${kind.key}/${given}`} kind={kind} kinds={kinds} place={place} initial={initial} walk={walk.data} />;
}

/** Values that the address carries, as a link from a machine's page does; only the form's own fields. */
function givenValues(kind: Kind, search: URLSearchParams): Values {
  const found: Values = {};
  for (const [name, value] of search) if (kind.form.properties?.[name]) found[name] = value;
  return found;
}
