import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { RouterProvider } from "react-router/dom";

import { newQueryClient } from "./api/queries";
import { SessionProvider } from "./api/session";
import { newRouter } from "./router";
import { ThemeProvider } from "./theme/theme";
import { useWords, WordsProvider } from "./words/words";

export function App() {
  const [client] = useState(newQueryClient);
  return (
    <WordsProvider>
      <ThemeProvider>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <AskAgainInOtherLanguage />
            <Pages />
          </SessionProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </WordsProvider>
  );
}

function Pages() {
  const [router] = useState(newRouter);
  return <RouterProvider router={router} />;
}

/** The server's words change with the language, so all that it said is asked for again. */
function AskAgainInOtherLanguage() {
  const { language } = useWords();
  const client = useQueryClient();
  const spoken = useRef(language);
  useEffect(() => {
    if (spoken.current === language) return;
    spoken.current = language;
    void client.invalidateQueries();
  }, [language, client]);
  return null;
}
