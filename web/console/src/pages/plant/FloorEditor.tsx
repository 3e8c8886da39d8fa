import { UploadOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popconfirm, Select, Upload } from "antd";
import { useId, useState } from "react";

import { ask } from "../../api/client";
import { Problem } from "../../api/problem";
import { useChoices } from "../../api/queries";
import type { PlantItem, Reason, TakenPicture } from "../../api/types";
import { Guarded } from "../../parts/Guarded";
import { failureText, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { FloorDrawing } from "./FloorDrawing";
import { stretched, type Corner, type Plan } from "./floor";
import { nameOf } from "./items";

type Props = { plan: Plan; version: number; sites: PlantItem[]; mayEdit: boolean; done: (id: string) => void };

/** One floor plan: its picture, and the outlines of areas on it. */
export function FloorEditor({ plan: before, version, sites, mayEdit, done }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const id = useId();
  const areas = useChoices().data?.areas ?? [];
  const [plan, change] = useState(before);
  const [area, choose] = useState<string>();
  const [drawing, draw] = useState<Corner[] | null>(null);
  const [selected, select] = useState<number | null>(null);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [busy, setBusy] = useState(false);
  const named = new Map(areas.map((one) => [one.id, one.name]));
  const failed = (error: unknown) => {
    if (error instanceof Problem && error.reasons.length > 0) setReasons(error.reasons);
    else void message.error(error instanceof Problem && error.status === 412 ? t("plant.stale") : failureText(error, t));
  };
  const attempt = async (what: () => Promise<void>) => {
    setBusy(true);
    setReasons([]);
    try {
      await what();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const send = (method: "PUT" | "DELETE") =>
    attempt(async () => {
      await ask(method, `/plant/floor_plan/${encodeURIComponent(plan.id)}`, { body: method === "PUT" ? plan : undefined, ifMatch: version });
      void message.success(method === "PUT" ? t("plant.saved") : t("plant.removed"));
      await Promise.all(["plant", "statistics"].map((key) => client.invalidateQueries({ queryKey: [key] })));
      done(plan.id);
    });
  const takePicture = (file: File) =>
    attempt(async () => {
      const taken = await ask<TakenPicture>("POST", "/plant/floor_plan/pictures", { raw: file });
      change((now) => ({ ...stretched(now, taken.width, taken.height), picture: taken.sha256 }));
    });
  const finish = (corners: Corner[]) => {
    draw(null);
    if (!area || corners.length < 3) return;
    change((now) => ({ ...now, outlines: [...now.outlines, { area, corners }] }));
    choose(undefined);
  };
  const removeOutline = (place: number) => {
    select(null);
    change((now) => ({ ...now, outlines: now.outlines.filter((_, at) => at !== place) }));
  };
  const lacks = !mayEdit ? t("plant.no_edit") : !plan.name.trim() ? t("floor.name_needed") : drawing ? t("floor.finish_first") : "";
  return (
    <div className="floor-editor">
      <FloorDrawing
        plan={plan}
        named={named}
        drawing={mayEdit ? drawing : null}
        selected={mayEdit ? selected : null}
        draw={draw}
        finish={finish}
        select={mayEdit ? select : () => undefined}
        move={(place, corners) => change((now) => ({ ...now, outlines: now.outlines.map((one, at) => (at === place ? { ...one, corners } : one)) }))}
      />
      <div className="floor-side stack">
        <div className="field">
          <label htmlFor={`${id}-name`}>{t("floor.name")}</label>
          <Input id={`${id}-name`} value={plan.name} disabled={!mayEdit} maxLength={100} onChange={(event) => change({ ...plan, name: event.target.value })} />
        </div>
        {sites.length > 1 && (
          <div className="field">
            <label htmlFor={`${id}-site`}>{t("plant.site")}</label>
            <Select id={`${id}-site`} value={plan.site} disabled={!mayEdit} options={sites.map((one) => ({ value: one.id, label: nameOf(one) }))} onChange={(site: string) => change({ ...plan, site })} />
          </div>
        )}
        {mayEdit && (
          <>
            <Upload accept=".svg,image/svg+xml,image/png,image/jpeg,image/webp" showUploadList={false} beforeUpload={(file) => {
                void takePicture(file);
                return false;
              }}>
              <Button icon={<UploadOutlined />} loading={busy}>
                {plan.picture ? t("floor.other_picture") : t("floor.picture")}
              </Button>
            </Upload>
            <p className="soft small">{t("floor.picture_text")}</p>
            <div className="field">
              <label htmlFor={`${id}-area`}>{t("floor.draw_area")}</label>
              <div className="row">
                <Select
                  id={`${id}-area`}
                  showSearch={{ optionFilterProp: "label" }}
                  style={{ flex: 1, minWidth: 0 }}
                  placeholder={t("floor.which_area")}
                  value={area ?? null}
                  disabled={drawing !== null}
                  options={areas.map((one) => ({ value: one.id, label: one.name }))}
                  onChange={(next: string) => choose(next)}
                />
                {drawing === null ? (
                  <Guarded
                    gate={{ ok: area !== undefined, why: t("floor.which_area") }}
                    type="primary"
                    onClick={() => {
                      select(null);
                      draw([]);
                    }}
                  >
                    {t("floor.draw")}
                  </Guarded>
                ) : (
                  <Button onClick={() => draw(null)}>{t("cancel")}</Button>
                )}
              </div>
            </div>
            {drawing && (
              <div className="row wrap">
                <Guarded gate={{ ok: drawing.length >= 3, why: t("floor.three") }} type="primary" onClick={() => finish(drawing)}>
                  {t("floor.finish")}
                </Guarded>
                <Button disabled={drawing.length === 0} onClick={() => draw(drawing.slice(0, -1))}>
                  {t("floor.back")}
                </Button>
              </div>
            )}
          </>
        )}
        <div>
          <h3>{t("floor.outlines")}</h3>
          {plan.outlines.length === 0 && <p className="soft small">{t("floor.no_outlines")}</p>}
          <ul className="floor-outlines">
            {plan.outlines.map((one, place) => (
              <li key={place}>
                <button type="button" className="bare" aria-pressed={selected === place} disabled={!mayEdit || drawing !== null} onClick={() => select(selected === place ? null : place)}>
                  {named.get(one.area) ?? one.area}
                </button>
                {mayEdit && (
                  <Button type="text" size="small" aria-label={t("floor.remove_outline", { area: named.get(one.area) ?? one.area })} onClick={() => removeOutline(place)}>
                    ×
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </div>
        <Reasons reasons={reasons} />
        <div className="row wrap">
          <Guarded gate={{ ok: lacks === "", why: lacks }} type="primary" size="large" loading={busy} onClick={() => void send("PUT")}>
            {t("save")}
          </Guarded>
          {version > 0 && mayEdit && (
            <Popconfirm title={t("plant.remove_sure")} okText={t("plant.remove")} cancelText={t("cancel")} onConfirm={() => void send("DELETE")}>
              <Button danger type="text" size="large">
                {t("plant.remove")}
              </Button>
            </Popconfirm>
          )}
        </div>
      </div>
    </div>
  );
}
