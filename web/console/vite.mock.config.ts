import { mergeConfig } from "vite";

import { mockServer } from "./tests/mock/server";
import base from "./vite.config";

/** `npx vite console --config console/vite.mock.config.ts`: the pages over made-up answers. */
export default mergeConfig(base, { plugins: [mockServer()], server: { port: 5199, proxy: {} } });
