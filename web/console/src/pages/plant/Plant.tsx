import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useEffect, useRef, useState } from "react";
import { NavLink, useParams } from "react-router";

import { download } from "../../api/files";
import { usePermission } from "../../api/session";
import { Guarded } from "../../parts/Guarded";
import { failureText, PageHead } from "../../parts/states";
import { useWords, type WordKey } from "../../words/words";
import { AreaTree } from "./AreaTree";
import { FloorPlans } from "./FloorPlans";
import { Items } from "./Items";
import "./plant.css";
import { PlantImport } from "./PlantImport";

/** The kinds of things that a plant is made of, as the model of every plant has them. */
export const ITEM_KINDS = ["area", "equipment", "inspection", "person", "team", "post", "holding", "shift", "roster", "calendar", "deputy", "absence", "schedule", "workstation", "competence", "site", "process_map"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** The plant: where, with what, who, and who holds which post. */
export default function Plant() {
  const { t } = useWords();
  const { message } = App.useApp();
  const { kind } = useParams();
  const shown = ITEM_KINDS.find((one) => one === kind);
  const mayEdit = usePermission("plant.edit");
  const [importing, setImporting] = useState(false);
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => tabs.current?.querySelector(".active")?.scrollIntoView({ block: "nearest", inline: "center" }), [kind]);
  const fetchWorkbook = (filled: boolean) =>
    void download(filled ? "/plant/export.xlsx" : "/plant/template.xlsx", {}, `${t("plant.title")}.xlsx`).catch((error: unknown) =>
      message.error(failureText(error, t)),
    );
  return (
    <div className="page wide">
      <PageHead
        title={t("plant.title")}
        actions={
          <>
            <Dropdown
              trigger={["click"]}
              menu={{
                items: [
                  { key: "filled", label: t("plant.export_filled"), onClick: () => fetchWorkbook(true) },
                  { key: "empty", label: t("plant.template"), onClick: () => fetchWorkbook(false) },
                ],
              }}
            >
              <Button icon={<DownloadOutlined />}>{t("plant.export")}</Button>
            </Dropdown>
            <Guarded gate={{ ok: mayEdit, why: t("plant.no_edit") }} icon={<UploadOutlined />} onClick={() => setImporting(true)}>
              {t("plant.import")}
            </Guarded>
          </>
        }
      >
        {t("plant.text")}
      </PageHead>
      <nav ref={tabs} className="plant-kinds" aria-label={t("plant.kinds")}>
        <NavLink to="/plant" end>
          {t("plant.tree")}
        </NavLink>
        <NavLink to="/plant/floor_plan">{t("plant.floor_plan")}</NavLink>
        {ITEM_KINDS.map((one) => (
          <NavLink key={one} to={`/plant/${one}`}>
            {t(`plant.${one}` satisfies WordKey)}
          </NavLink>
        ))}
      </nav>
      {kind === "floor_plan" ? <FloorPlans mayEdit={mayEdit} /> : shown ? <Items key={shown} kind={shown} mayEdit={mayEdit} /> : <AreaTree />}
      {importing && <PlantImport close={() => setImporting(false)} />}
    </div>
  );
}
