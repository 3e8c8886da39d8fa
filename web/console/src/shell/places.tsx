import {
  ApiOutlined,
  AppstoreOutlined,
  CheckSquareOutlined,
  ClusterOutlined,
  FundOutlined,
  ProfileOutlined,
  ScheduleOutlined,
  TeamOutlined,
  UploadOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

import type { WordKey } from "../words/words";

export type Place = { to: string; word: WordKey; icon: ReactNode; permission?: string };

/** Where one works every day, and where one sets things up. */
export const DAILY: Place[] = [
  { to: "/tasks", word: "nav.tasks", icon: <CheckSquareOutlined /> },
  { to: "/register", word: "nav.register", icon: <ProfileOutlined /> },
  { to: "/dashboard", word: "nav.dashboard", icon: <FundOutlined /> },
  { to: "/briefing", word: "nav.briefing", icon: <ScheduleOutlined /> },
];
export const SETTING_UP: Place[] = [
  { to: "/plant", word: "nav.plant", icon: <ClusterOutlined /> },
  { to: "/packs", word: "nav.packs", icon: <AppstoreOutlined />, permission: "packs.see" },
  { to: "/imports", word: "nav.imports", icon: <UploadOutlined />, permission: "imports.make" },
  { to: "/accounts", word: "nav.accounts", icon: <TeamOutlined />, permission: "accounts.manage" },
  { to: "/tokens", word: "nav.tokens", icon: <ApiOutlined />, permission: "tokens" },
];
