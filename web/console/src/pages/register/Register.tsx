import { useMemo } from "react";
import { useSearchParams } from "react-router";

import { useCases } from "../../api/queries";
import { useSession } from "../../api/session";
import { Bones, Empty, Failure, PageHead } from "../../parts/states";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";
import { ExportMenu } from "./ExportMenu";
import { Filters } from "./Filters";
import "./register.css";
import { Rows } from "./Rows";
import { SavedViews } from "./SavedViews";
import { asQuery, readView, writeView, type View } from "./view";

/** Every case, filtered and sorted by the server, however many there are. */
export default function Register() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  const change = (next: View) => setSearch(writeView(next), { replace: true });
  const zone = useSession().tenant.time_zone;
  const query = useSettled(useMemo(() => asQuery(view, zone), [view, zone]), 200);
  const { items, total, error, isPending, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCases(query);
  return (
    <div className="page wide register">
      <PageHead
        title={t("register.title")}
        actions={
          <>
            <SavedViews view={view} choose={change} />
            <ExportMenu query={query} kind={view.kind} />
          </>
        }
      >
        {total !== null && t("register.total", { n: total.toLocaleString() })}
      </PageHead>
      <Filters view={view} change={change} />
      {isPending ? (
        <Bones heights={[44, 44, 44, 44, 44, 44, 44, 44]} />
      ) : error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : items.length === 0 ? (
        <Empty title={t("register.empty")}>{t("register.empty_text")}</Empty>
      ) : (
        <Rows
          items={items}
          faded={isPlaceholderData}
          sort={view.sort ?? ""}
          setSort={(sort) => change({ ...view, sort })}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
          loading={isFetchingNextPage}
        />
      )}
    </div>
  );
}
