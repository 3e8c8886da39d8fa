import { EnvironmentOutlined } from "@ant-design/icons";
import { Link } from "react-router";

import { usePlantTree } from "../../api/queries";
import type { PlantNode } from "../../api/types";
import { Bones, Empty, Failure, Person } from "../../parts/states";
import { useWords } from "../../words/words";

/** Areas within areas: who is responsible, how much stands there, what is open. */
export function AreaTree() {
  const { t } = useWords();
  const { data, error, isPending, refetch } = usePlantTree();
  if (isPending) return <Bones heights={[64, 64, 64, 64, 64]} />;
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (data.items.length === 0) return <Empty title={t("plant.empty")}>{t("plant.empty_text")}</Empty>;
  return <Branch nodes={data.items} parent={null} />;
}

function Branch({ nodes, parent }: { nodes: PlantNode[]; parent: string | null }) {
  const known = new Set(nodes.map((node) => node.id));
  const here = nodes.filter((node) => (node.parent && known.has(node.parent) ? node.parent : null) === parent);
  if (here.length === 0) return null;
  return (
    <ul className={parent === null ? "tree" : "tree-inner"}>
      {here.map((node) => (
        <li key={node.id}>
          <Node node={node} />
          <Branch nodes={nodes} parent={node.id} />
        </li>
      ))}
    </ul>
  );
}

function Node({ node }: { node: PlantNode }) {
  const { t } = useWords();
  return (
    <div className="tree-node">
      <EnvironmentOutlined className="soft" />
      <b className="tree-name">{node.name}</b>
      <span className="row wrap grow">
        {node.owners.length > 0 ? node.owners.map((name) => <Person key={name} name={name} />) : <span className="tag late">{t("plant.unowned")}</span>}
      </span>
      <Link to={`/plant/equipment?area=${encodeURIComponent(node.id)}`} className="small num">
        {t("plant.n_equipment", { n: node.equipment })}
      </Link>
      {node.open_cases != null && (
        <Link to={`/register?area=${encodeURIComponent(node.id)}`} className={`tag num ${node.overdue_cases ? "late" : ""}`}>
          {t("plant.n_open", { n: node.open_cases })}
        </Link>
      )}
    </div>
  );
}
