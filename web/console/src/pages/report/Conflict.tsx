import { Button, Modal } from "antd";
import { Link } from "react-router";

import { useWords } from "../../words/words";

/** The same report was sent before with other words: both are kept, and a person decides. */
export function Conflict({ id, close, anew }: { id: string; close: () => void; anew: () => void }) {
  const { t } = useWords();
  return (
    <Modal
      open
      title={t("conflict.title")}
      onCancel={close}
      footer={[
        <Button
          key="anew"
          onClick={() => {
            anew();
            close();
          }}
        >
          {t("conflict.anew")}
        </Button>,
      ]}
    >
      <p>{t("conflict.text")}</p>
      {id && <Link to={`/cases/${id}`}>{t("conflict.open")}</Link>}
    </Modal>
  );
}
