import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import "./theme/tokens.css";
import "./theme/base.css";
import { nonceStyles } from "./theme/nonce";
import "./parts/parts.css";

nonceStyles();
const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
