import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import { ask, get, onSignedOut, post, setCsrf } from "./client";
import { useLive } from "./live";
import { Problem } from "./problem";
import type { Session } from "./types";

type State = { session: Session | null; asked: boolean; unreachable: boolean };
type Signing = State & {
  signIn: (login: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
  again: () => void;
};

const Context = createContext<Signing | null>(null);

/** Who is signed in; keeps the live stream open meanwhile. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ session: null, asked: false, unreachable: false });
  const client = useQueryClient();

  const enter = useCallback((session: Session | null, unreachable = false) => {
    setCsrf(session?.csrf_token ?? "");
    setState({ session, asked: true, unreachable });
  }, []);
  const again = useCallback(() => {
    get<Session>("/sessions/current").then(
      (session) => enter(session),
      (error: unknown) => enter(null, !(error instanceof Problem && error.status === 401)),
    );
  }, [enter]);

  useEffect(again, [again]);
  useEffect(() => onSignedOut(() => enter(null)), [enter]);
  useLive(state.session !== null);

  const value = useMemo<Signing>(
    () => ({
      ...state,
      again,
      signIn: async (login, password) => {
        const session = await post<Session>("/sessions", { login, password });
        client.clear();
        enter(session);
      },
      signOut: async () => {
        await ask("DELETE", "/sessions/current").catch(() => undefined);
        client.clear();
        enter(null);
      },
    }),
    [state, again, client, enter],
  );
  return <Context value={value}>{children}</Context>;
}

export function useSigning(): Signing {
  const found = use(Context);
  if (!found) throw new Error("SessionProvider is missing");
  return found;
}

/** The session of a page that only the signed-in see. */
export function useSession(): Session {
  const { session } = useSigning();
  if (!session) throw new Error("nobody is signed in");
  return session;
}

/** Whether the session may do something, as the server said. */
export function usePermission(name: string): boolean {
  return useSession().permissions.includes(name);
}
