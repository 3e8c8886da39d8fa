import { BellOutlined, MenuOutlined, PlusOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { Suspense, useEffect, useRef, useState } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";

import { useConnection } from "../api/live";
import { useNotices, useTaskCounts } from "../api/queries";
import { useSession } from "../api/session";
import { Bones } from "../parts/states";
import { useWords } from "../words/words";
import { Jump } from "./Jump";
import { Mark } from "./Mark";
import { Notices } from "./Notices";
import { DAILY, SETTING_UP, type Place } from "./places";
import "./shell.css";
import { UserMenu } from "./UserMenu";

/** The frame around every page: rail on a desk, tab bar and drawer on a phone. */
export function Shell() {
  const { t } = useWords();
  const [drawer, setDrawer] = useState(false);
  const [notices, setNotices] = useState(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    setDrawer(false);
    window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {t("skip")}
      </a>
      <nav className="rail" aria-label={t("nav.label")}>
        <Brand />
        <Link className="nav-report" to="/report">
          <PlusOutlined /> {t("nav.report")}
        </Link>
        <Places />
        <UserMenu />
      </nav>
      <div className="main">
        <header className="topbar">
          <Link className="phone-head" to="/tasks" aria-label={t("brand")}>
            <Mark />
            {t("brand")}
          </Link>
          <Jump />
          <span className="grow" />
          <ConnectionSign />
          <LanguageSwitch />
          <Bell open={() => setNotices(true)} />
        </header>
        <main id="main" ref={main} tabIndex={-1} style={{ outline: "none" }}>
          <Suspense fallback={<div className="page"><Bones heights={[40, 120, 120, 120]} /></div>}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <TabBar more={() => setDrawer(true)} />
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="right" size={300} title={t("nav.more")}>
        <div className="stack" style={{ minHeight: "100%" }}>
          <nav aria-label={t("nav.more")}>
            <Places />
          </nav>
          <UserMenu />
        </div>
      </Drawer>
      <Drawer open={notices} onClose={() => setNotices(false)} size={420} title={t("notices.title")}>
        <Notices close={() => setNotices(false)} />
      </Drawer>
    </div>
  );
}

function Brand() {
  const { t } = useWords();
  const { tenant } = useSession();
  return (
    <Link className="brand" to="/tasks">
      <Mark />
      <span className="grow">
        <b>{t("brand")}</b>
        <span className="clip">{tenant.name}</span>
      </span>
    </Link>
  );
}

function Places() {
  const { t } = useWords();
  const { permissions } = useSession();
  const may = (place: Place) => !place.permission || permissions.includes(place.permission);
  const settingUp = SETTING_UP.filter(may);
  return (
    <>
      {DAILY.map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
      {settingUp.length > 0 && <p className="nav-parting">{t("nav.setting_up")}</p>}
      {settingUp.map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
    </>
  );
}

function PlaceLink({ place }: { place: Place }) {
  const { t } = useWords();
  return (
    <NavLink to={place.to} className={({ isActive }) => `nav-link ${isActive ? "active" : ""}`}>
      {place.icon}
      {t(place.word)}
      {place.to === "/tasks" && <TaskCount />}
    </NavLink>
  );
}

function TaskCount() {
  const { t } = useWords();
  const { data } = useTaskCounts();
  if (!data?.mine) return null;
  return (
    <span className={`nav-count ${data.overdue > 0 ? "late" : ""}`} title={t("nav.count", { mine: data.mine, overdue: data.overdue })}>
      {data.mine}
    </span>
  );
}

function TabBar({ more }: { more: () => void }) {
  const { t } = useWords();
  return (
    <nav className="tabbar" aria-label={t("nav.label")}>
      <NavLink to="/tasks">
        {DAILY[0]!.icon}
        {t("nav.tasks")}
        <TaskCount />
      </NavLink>
      <NavLink to="/report">
        <PlusOutlined />
        {t("nav.report")}
      </NavLink>
      <NavLink to="/register">
        {DAILY[1]!.icon}
        {t("nav.register")}
      </NavLink>
      <button type="button" onClick={more}>
        <MenuOutlined />
        {t("nav.more")}
      </button>
    </nav>
  );
}

function Bell({ open }: { open: () => void }) {
  const { t } = useWords();
  const { data } = useNotices();
  const fresh = data?.items.filter((notice) => !notice.seen_at).length ?? 0;
  return (
    <button type="button" className="icon-button" onClick={open} aria-label={t("notices.open", { n: fresh })}>
      <BellOutlined />
      {fresh > 0 && (
        <span className="spot num" aria-hidden>
          {fresh > 99 ? "99+" : fresh}
        </span>
      )}
    </button>
  );
}

function LanguageSwitch() {
  const { language, speak } = useWords();
  return (
    <button
      type="button"
      className="language"
      lang={language === "zh" ? "en" : "zh-CN"}
      onClick={() => speak(language === "zh" ? "en" : "zh")}
    >
      {language === "zh" ? "English" : "中文"}
    </button>
  );
}

function ConnectionSign() {
  const { t } = useWords();
  const connection = useConnection();
  return (
    <span className={`connection ${connection === "connected" ? "" : "broken"}`} role="status">
      <i aria-hidden />
      {t(`connection.${connection}`)}
    </span>
  );
}
