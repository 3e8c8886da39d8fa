import { Link } from "react-router";

import type { Population } from "../../api/types";
import { useWords } from "../../words/words";
import { rowsOf } from "./view";

const SHOWN = 10;

/** Where the same came back, the worst first. */
export function Places({ live }: { live: Population }) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="places">
      <h2 id="places">{t("dashboard.places")}</h2>
      {live.places.length === 0 ? (
        <p className="soft">{t("dashboard.places_none")}</p>
      ) : (
        <ol className="places">
          {live.places.slice(0, SHOWN).map((place) => (
            <li key={`${place.equipment?.id ?? place.area?.id} ${place.category_name}`}>
              <Link to={rowsOf(place.rows)}>
                {place.equipment ? `${place.equipment.number} ${place.equipment.name}` : place.area?.name} · {place.category_name}
              </Link>
              <span className="num">{t("dashboard.times", { n: place.registered })}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
