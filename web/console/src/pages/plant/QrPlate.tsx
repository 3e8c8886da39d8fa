import { Button, Modal } from "antd";
import { useEffect, useState } from "react";

import { address } from "../../api/client";
import type { PlantItem } from "../../api/types";
import { useWords } from "../../words/words";
import { nameOf } from "./items";

/** The plate to print and stick on a machine. */
export function QrPlate({ item, close }: { item: PlantItem; close: () => void }) {
  const { t } = useWords();
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    if (!printing) return;
    document.body.classList.add("printing-plate");
    window.print();
    document.body.classList.remove("printing-plate");
    setPrinting(false);
  }, [printing]);
  return (
    <Modal
      open
      width={400}
      title={t("plant.plate")}
      onCancel={close}
      footer={
        <Button type="primary" onClick={() => setPrinting(true)}>
          {t("plant.print")}
        </Button>
      }
    >
      <div className="plate">
        <img src={address(`/plant/equipment/${encodeURIComponent(item.id)}/qr.svg`)} alt={t("plant.plate_of", { name: nameOf(item) })} />
        <b>{nameOf(item)}</b>
      </div>
    </Modal>
  );
}
