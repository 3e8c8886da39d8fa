import { useKind } from "../api/queries";

/** The risk level as colour and word; nothing where none is known. */
export function Risk({ level, kind }: { level: string | null; kind: string }) {
  const words = useKind(kind)?.words;
  if (!level) return null;
  return (
    <span className={`risk risk-${level}`}>
      <i aria-hidden />
      {words?.[`risk_level.${level}`] ?? level}
    </span>
  );
}
