import { createBrowserRouter, Navigate, useLocation, useRouteError } from "react-router";
import { lazy, Suspense } from "react";

import { useSigning } from "./api/session";
import { Bones, Empty, Failure, PageHead } from "./parts/states";
import { Shell } from "./shell/Shell";
import { useWords } from "./words/words";

const SignIn = lazy(() => import("./pages/sign-in/SignIn"));
const Tasks = lazy(() => import("./pages/tasks/Tasks"));
const Report = lazy(() => import("./pages/report/Report"));
const CasePage = lazy(() => import("./pages/case/CasePage"));
const Register = lazy(() => import("./pages/register/Register"));
const Dashboard = lazy(() => import("./pages/dashboard/Dashboard"));
const Meeting = lazy(() => import("./pages/meeting/Meeting"));
const Briefing = lazy(() => import("./pages/briefing/Briefing"));
const Imports = lazy(() => import("./pages/imports/Imports"));
const Plant = lazy(() => import("./pages/plant/Plant"));
const Packs = lazy(() => import("./pages/packs/Packs"));
const KindPage = lazy(() => import("./pages/packs/KindPage"));
const Accounts = lazy(() => import("./pages/accounts/Accounts"));
const Tokens = lazy(() => import("./pages/accounts/Tokens"));

export function newRouter() {
  return createBrowserRouter([
    {
      path: "/sign-in",
      element: (
        <Suspense>
          <SignInDoor />
        </Suspense>
      ),
      errorElement: <Broken />,
    },
    {
      path: "/",
      element: <Door />,
      errorElement: <Broken />,
      children: [
        { index: true, element: <Navigate to="/tasks" replace /> },
        { path: "tasks", element: <Tasks /> },
        { path: "report", element: <Report /> },
        { path: "report/:kind", element: <Report /> },
        { path: "cases/:id", element: <CasePage /> },
        { path: "register", element: <Register /> },
        { path: "dashboard", element: <Dashboard /> },
        { path: "meeting", element: <Meeting /> },
        { path: "briefing", element: <Briefing /> },
        { path: "imports", element: <Imports /> },
        { path: "plant", element: <Plant /> },
        { path: "plant/:kind", element: <Plant /> },
        { path: "packs", element: <Packs /> },
        { path: "packs/:kind", element: <KindPage /> },
        { path: "accounts", element: <Accounts /> },
        { path: "tokens", element: <Tokens /> },
        { path: "*", element: <Missing /> },
      ],
    },
  ]);
}

/** Lets in who is signed in; others sign in first and come back to where they wanted to go. */
function Door() {
  const { session, asked, unreachable, again } = useSigning();
  const { pathname, search } = useLocation();
  if (!asked) {
    return (
      <div className="page">
        <Bones heights={[48, 160, 160]} />
      </div>
    );
  }
  if (unreachable) return <Unreached again={again} />;
  if (!session) return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  return <Shell />;
}

function SignInDoor() {
  const { session } = useSigning();
  const { search } = useLocation();
  const to = new URLSearchParams(search).get("to") ?? "/tasks";
  if (session) return <Navigate to={to.startsWith("/") && !to.startsWith("//") ? to : "/tasks"} replace />;
  return <SignIn />;
}

function Unreached({ again }: { again: () => void }) {
  const { t } = useWords();
  return (
    <main className="page">
      <Failure error={new Error(t("failure.unreachable"))} again={again} />
    </main>
  );
}

function Missing() {
  const { t } = useWords();
  return (
    <div className="page">
      <PageHead title={t("missing.title")} />
      <Empty title={t("missing.text")} />
    </div>
  );
}

function Broken() {
  const error = useRouteError();
  return (
    <main className="page">
      <Failure error={error} again={() => window.location.reload()} />
    </main>
  );
}
