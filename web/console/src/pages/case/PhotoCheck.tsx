import { CheckCircleFilled, ExclamationCircleFilled, QuestionCircleFilled } from "@ant-design/icons";
import { Link } from "react-router";

import { isSettled } from "../../api/queries";
import type { PhotoFindings, PlacePair, Repeat } from "../../api/types";
import { Ago } from "../../parts/Clock";
import { useWords, type WordKey } from "../../words/words";

const WAYS = ["mirrored", "turned", "cropped"] as const;
const PLACES = { same: "pass", cannot_tell: "cannot_tell", different: "fail" } as const;
const SIGNS = { pass: <CheckCircleFilled />, cannot_tell: <QuestionCircleFilled />, fail: <ExclamationCircleFilled /> };

type Props = { findings: PhotoFindings; pair: PlacePair | undefined; nameOf: (slot: string) => string };

/** What the photos have in common with each other and with earlier ones, and what that rests on. A person judges. */
export function PhotoCheck({ findings, pair, nameOf }: Props) {
  const { t } = useWords();
  const repeated = findings.photos.filter((photo) => photo.repeats.length > 0);
  const isDone = isSettled(findings);
  const failed = findings.photos.filter((photo) => photo.why);
  return (
    <div className="photo-check" data-testid="photo-check">
      <h3>{t("photos.title")}</h3>
      {pair && <Place pair={pair} />}
      {repeated.map((photo) =>
        photo.repeats.map((repeat, no) => <Reuse key={`${photo.slot}${photo.sha256}${no}`} repeat={repeat} name={nameOf(photo.slot)} />),
      )}
      {repeated.length === 0 && isDone && failed.length === 0 && (
        <p className="verdict verdict-pass">
          {SIGNS.pass} {t("photos.unused", { count: String(findings.photos.length) })}
        </p>
      )}
      {failed.map((photo) => (
        <p key={photo.slot + photo.sha256} className="verdict">
          {SIGNS.cannot_tell} {nameOf(photo.slot)}: {photo.why}
        </p>
      ))}
      {!isDone && (
        <p className="soft small" role="status">
          {t("photos.comparing")}
        </p>
      )}
      <p className="soft small">{t("photos.advice")}</p>
    </div>
  );
}

function Place({ pair }: { pair: PlacePair }) {
  const { t } = useWords();
  const verdict = pair.verdict in PLACES ? (pair.verdict as keyof typeof PLACES) : "cannot_tell";
  return (
    <p className={`verdict verdict-${PLACES[verdict]}`}>
      {SIGNS[PLACES[verdict]]} <b>{t(`photos.place.${verdict}` satisfies WordKey)}</b>{" "}
      <span className="small">{pair.inliers != null && t("photos.place.rests", { inliers: String(pair.inliers), corners: String(pair.corners) })}</span>
    </p>
  );
}

function Reuse({ repeat, name }: { repeat: Repeat; name: string }) {
  const { t } = useWords();
  const isSure = repeat.verdict === "same";
  const ways = WAYS.filter((way) => repeat.ways.includes(way)).map((way) => t(`photos.way.${way}` satisfies WordKey));
  return (
    <div className={`verdict photo-reuse verdict-${isSure ? "fail" : "cannot_tell"}`}>
      {repeat.thumb_url && <img src={repeat.thumb_url} alt={t("photos.earlier")} />}
      <div>
        <p>
          {SIGNS[isSure ? "fail" : "cannot_tell"]} <b>{t(isSure ? "photos.repeat.same" : "photos.repeat.cannot_tell", { name })}</b>
          {ways.map((way) => ` · ${way}`)}
        </p>
        <p className="small">
          {repeat.scope === "same_case" ? t("photos.scope.same_case") : repeat.case ? <Link to={`/cases/${repeat.case}`}>{repeat.number}</Link> : t("photos.scope.other_case")}
          {repeat.slot && ` · ${repeat.slot}`}
          {repeat.at && (
            <>
              {" · "}
              <Ago at={repeat.at} />
            </>
          )}
        </p>
        <p className="small soft">{repeat.exact ? t("photos.exact") : t("photos.agreeing", { share: String(Math.round(repeat.agreeing * 100)) })}</p>
      </div>
    </div>
  );
}
