import { DownloadOutlined, FilePdfOutlined, PrinterOutlined, ScanOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { post } from "../../api/client";
import { upload } from "../../api/files";
import { usePapers, useRefresh } from "../../api/queries";
import type { Case, IssuedPaper, PaperBack, PaperOffer } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { Moment } from "../../parts/Clock";
import { Guarded } from "../../parts/Guarded";
import { failureText } from "../../parts/states";
import { useWords } from "../../words/words";
import { FileTiles } from "./FileTiles";

/** Papers of the case: issued under a number, printed, and back again signed. */
export function Papers({ about }: { about: Case }) {
  const { t, language } = useWords();
  const [search] = useSearchParams();
  const { data } = usePapers(about.id);
  if (!data) return null;
  return (
    <section className="card papers">
      <div className="row wrap">
        <h2 className="section-title grow">{t("papers.title")}</h2>
        <a className="paper-link row" href={`${data.whole_url}?language=${language}`} target="_blank" rel="noreferrer">
          <FilePdfOutlined /> {t("papers.whole")}
        </a>
      </div>
      {data.offers.length > 0 && (
        <>
          <p className="small soft">{t("papers.text")}</p>
          <div className="row wrap">
            {data.offers.map((offer) => (
              <Issue key={offer.key} about={about} offer={offer} />
            ))}
            {data.issued.length > 0 && <Back about={about} />}
          </div>
          {data.issued.length === 0 && <p className="soft">{t("papers.none")}</p>}
        </>
      )}
      <ul className="papers-issued">
        {data.issued.map((paper) => (
          <Issued key={paper.number} paper={paper} wanted={search.get("paper") === paper.number} />
        ))}
      </ul>
    </section>
  );
}

function Issue({ about, offer }: { about: Case; offer: PaperOffer }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [key, setKey] = useState(() => uuid7());
  const [busy, setBusy] = useState(false);
  const issue = async () => {
    setBusy(true);
    try {
      const issued = await post<IssuedPaper>(`/cases/${about.id}/papers`, { paper: offer.key }, key);
      setKey(uuid7());
      void message.success(t("papers.issued", { number: issued.number }));
      await refresh(about.id);
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Guarded gate={offer.may} loading={busy} data-paper={offer.key} onClick={() => void issue()}>
      {t("papers.issue", { name: offer.name })}
    </Guarded>
  );
}

/** A photo of a signed sheet goes into the case that its code names, which need not be this one. */
function Back({ about }: { about: Case }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const send = async (file: File) => {
    setBusy(true);
    try {
      const { sha256, captured_at, sent_at, device } = await upload(file, "signed_copy", "scan", { type: "no_fix" }, () => undefined);
      const back = await post<PaperBack>("/papers/returns", { sha256, captured_at, sent_at, device });
      const said = { name: back.paper.name, number: back.paper.number };
      if (back.case.id === about.id) void message.success(t("papers.returned", said));
      else void message.warning(<Link to={`/cases/${back.case.id}`}>{t("papers.returned_elsewhere", { ...said, case: back.case.number })}</Link>, 10);
      await refresh(back.case.id);
    } catch (error) {
      void message.error(failureText(error, t), 8);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon={<ScanOutlined />} loading={busy} onClick={() => input.current?.click()}>
        {t("papers.back")}
      </Button>
      <input
        ref={input}
        className="unseen"
        type="file"
        tabIndex={-1}
        accept="image/jpeg,image/png"
        aria-label={t("papers.back_choose")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void send(file);
        }}
      />
    </>
  );
}

function Issued({ paper, wanted }: { paper: IssuedPaper; wanted: boolean }) {
  const { t } = useWords();
  const signed = paper.returned.length;
  return (
    <li className={wanted ? "wanted" : undefined} data-number={paper.number}>
      <div className="row wrap">
        <div className="grow">
          <b>{paper.name}</b> <span className="num">{paper.number}</span>
          <p className="small soft">
            <Moment at={paper.issued_at} />
            {paper.by ? ` · ${t("papers.issued_by", { name: paper.by.name })}` : ""}
            {" · "}
            {signed > 0 ? t("papers.signed", { n: signed }) : t("papers.unsigned")}
          </p>
        </div>
        <a className="paper-link row" href={paper.url} target="_blank" rel="noreferrer">
          <PrinterOutlined /> {t("papers.open")}
        </a>
        <a className="paper-link row" href={paper.url} download={`${paper.number}.pdf`}>
          <DownloadOutlined /> {t("papers.download")}
        </a>
      </div>
      <FileTiles files={paper.returned} name={() => paper.number} />
    </li>
  );
}
