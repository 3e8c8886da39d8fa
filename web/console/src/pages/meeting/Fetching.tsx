import { FileExcelOutlined, FilePdfOutlined, FileWordOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState, type ReactNode } from "react";

import { download } from "../../api/files";
import { failureText } from "../../parts/states";
import { useWords } from "../../words/words";

export type Ending = "pdf" | "docx" | "xlsx";
const SHOWN = {
  pdf: { name: "PDF", icon: <FilePdfOutlined /> },
  docx: { name: "Word", icon: <FileWordOutlined /> },
  xlsx: { name: "Excel", icon: <FileExcelOutlined /> },
};

type Props = { path: string; name: string; endings: Ending[]; title: string; children: ReactNode };

/** Files that are made when they are asked for; each says while it is being made. */
export function Fetching({ path, name, endings, title, children }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [making, setMaking] = useState<Ending | null>(null);
  const fetchOne = async (ending: Ending) => {
    setMaking(ending);
    try {
      await download(`${path}/${ending}`, {}, `${name}.${ending}`);
      void message.success(t("meeting.fetched", { name: SHOWN[ending].name }));
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setMaking(null);
    }
  };
  return (
    <section className="card fetching">
      <div>
        <h2 className="section-title">{title}</h2>
        <p className="soft" aria-live="polite">
          {making ? t("meeting.making", { name: SHOWN[making].name }) : children}
        </p>
      </div>
      <div className="row wrap">
        {endings.map((ending) => (
          <Button
            key={ending}
            size="large"
            type={ending === "pdf" ? "primary" : "default"}
            icon={SHOWN[ending].icon}
            loading={making === ending}
            disabled={making !== null && making !== ending}
            data-ending={ending}
            onClick={() => void fetchOne(ending)}
          >
            {SHOWN[ending].name}
          </Button>
        ))}
      </div>
    </section>
  );
}
