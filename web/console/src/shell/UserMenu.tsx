import { LogoutOutlined, SettingOutlined } from "@ant-design/icons";
import { Dropdown } from "antd";
import { useState } from "react";

import { useSession, useSigning } from "../api/session";
import { useTone, type TonePick } from "../theme/theme";
import { useWords } from "../words/words";
import { MyAccount } from "./MyAccount";

const TONES: TonePick[] = ["light", "dark", "system"];

/** Who is signed in, and what is theirs to set. */
export function UserMenu() {
  const { t } = useWords();
  const { account } = useSession();
  const { signOut } = useSigning();
  const { pick, choose } = useTone();
  const [mine, setMine] = useState(false);
  const name = account.person?.name ?? account.login;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        placement="topLeft"
        menu={{
          selectedKeys: [pick],
          items: [
            {
              type: "group",
              label: t("tone.title"),
              children: TONES.map((tone) => ({ key: tone, label: t(`tone.${tone}`), onClick: () => choose(tone) })),
            },
            { type: "divider" },
            { key: "mine", icon: <SettingOutlined />, label: t("mine.title"), onClick: () => setMine(true) },
            { key: "out", icon: <LogoutOutlined />, label: t("sign_out"), onClick: () => void signOut() },
          ],
        }}
      >
        <button type="button" className="who" aria-haspopup="menu">
          <span className="who-face" aria-hidden>
            {name.slice(0, 1)}
          </span>
          <span className="grow">
            <span className="clip" style={{ display: "block", fontWeight: 600 }}>
              {name}
            </span>
            <span className="clip small soft" style={{ display: "block" }}>
              {account.person?.team ?? account.login}
            </span>
            <span className="unseen">{t("user_menu")}</span>
          </span>
        </button>
      </Dropdown>
      <MyAccount open={mine} close={() => setMine(false)} />
    </>
  );
}
