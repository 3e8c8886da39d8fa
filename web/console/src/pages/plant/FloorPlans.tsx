import { PlusOutlined } from "@ant-design/icons";
import { useState } from "react";

import type { PlantItem } from "../../api/types";
import { Guarded } from "../../parts/Guarded";
import { Bones, Empty, Failure } from "../../parts/states";
import { useWords } from "../../words/words";
import { FloorEditor } from "./FloorEditor";
import "./floor.css";
import { planOf, type Plan } from "./floor";
import { useItems } from "./items";

/** The floor plans of the plant, each with its areas drawn on it. */
export function FloorPlans({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useWords();
  const plans = useItems("floor_plan");
  const sites = useItems("site");
  const [chosen, choose] = useState<string>();
  const [isNew, begin] = useState(false);
  if (plans.error ?? sites.error) return <Failure error={plans.error ?? sites.error} again={() => void plans.refetch()} />;
  if (plans.isPending || sites.isPending) return <Bones heights={[44, 420]} />;
  const shown = isNew ? undefined : (plans.items.find((one) => one.id === chosen) ?? plans.items[0]);
  const blank: Plan = { id: `plan-${Date.now().toString(36)}`, name: "", site: sites.items[0]?.id ?? "", width: 1600, height: 1000, picture: "", outlines: [] };
  const add = (
    <Guarded gate={{ ok: mayEdit, why: t("plant.no_edit") }} type={plans.items.length === 0 ? "primary" : "default"} icon={<PlusOutlined />} onClick={() => begin(true)}>
      {t("floor.add")}
    </Guarded>
  );
  return (
    <>
      <div className="row wrap items-tools">
        {plans.items.map((one: PlantItem) => (
          <button
            key={one.id}
            type="button"
            className={`floor-tab ${one.id === shown?.id ? "chosen" : ""}`}
            aria-pressed={one.id === shown?.id}
            onClick={() => {
              begin(false);
              choose(one.id);
            }}
          >
            {planOf(one).name || one.id}
          </button>
        ))}
        <span className="grow" />
        {add}
      </div>
      {shown ? (
        <FloorEditor key={`${shown.id} ${shown.version}`} plan={planOf(shown)} version={shown.version} sites={sites.items} mayEdit={mayEdit} done={() => undefined} />
      ) : isNew ? (
        <FloorEditor
          plan={blank}
          version={0}
          sites={sites.items}
          mayEdit={mayEdit}
          done={(id) => {
            choose(id);
            begin(false);
          }}
        />
      ) : (
        <Empty title={t("floor.none")}>{t("floor.none_text")}</Empty>
      )}
    </>
  );
}
