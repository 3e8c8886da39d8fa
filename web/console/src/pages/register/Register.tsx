import { DownloadOutlined } from "@ant-design/icons";
import { App } from "antd";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import { download } from "../../api/files";
import { useCases } from "../../api/queries";
import { usePermission, useSession } from "../../api/session";
import { Guarded } from "../../parts/Guarded";
import { Bones, Empty, Failure, failureText, PageHead } from "../../parts/states";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";
import { Filters } from "./Filters";
import "./register.css";
import { Rows } from "./Rows";
import { SavedViews } from "./SavedViews";
import { asQuery, readView, writeView, type View } from "./view";

/** Every case, filtered and sorted by the server, however many there are. */
export default function Register() {
  const { t } = useWords();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  const change = (next: View) => setSearch(writeView(next), { replace: true });
  const zone = useSession().tenant.time_zone;
  const query = useSettled(useMemo(() => asQuery(view, zone), [view, zone]), 200);
  const { items, total, error, isPending, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCases(query);
  const mayExport = usePermission("cases.export");
  const [busy, setBusy] = useState(false);
  const exportAll = async () => {
    setBusy(true);
    try {
      await download("/cases/export.xlsx", query, `${t("register.title")}.xlsx`);
    } catch (failed) {
      void message.error(failureText(failed, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="page wide register">
      <PageHead
        title={t("register.title")}
        actions={
          <>
            <SavedViews view={view} choose={change} />
            <Guarded gate={{ ok: mayExport, why: t("register.no_export") }} icon={<DownloadOutlined />} loading={busy} onClick={() => void exportAll()}>
              {t("register.export")}
            </Guarded>
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
