import { zhBriefing } from "./zh/briefing";
import { zhFigures } from "./zh/figures";
import { zhHouse } from "./zh/house";
import { zhMeeting } from "./zh/meeting";
import { zhWork } from "./zh/work";

/** The page's own words in Chinese; kinds', stages' and duties' words come from the server. */
export const zh = { ...zhHouse, ...zhWork, ...zhFigures, ...zhMeeting, ...zhBriefing };
