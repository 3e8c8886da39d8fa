import { enBriefing } from "./en/briefing";
import { enFigures } from "./en/figures";
import { enHouse } from "./en/house";
import { enMeeting } from "./en/meeting";
import { enWork } from "./en/work";

/** The page's own words in English; kinds', stages' and duties' words come from the server. */
export const en = { ...enHouse, ...enWork, ...enFigures, ...enMeeting, ...enBriefing };
