/** Shapes of the server's answers (`/api/v1`). Words inside them come in the caller's language. */

export type Reason = { code: string; field: string; text: string; params: Record<string, unknown> };
export type Gate = { ok: boolean; why: string | null };
export type Ref = { id: string; name: string };
export type Page<T> = { items: T[]; next: string | null; total?: number | null };
export type Values = Record<string, unknown>;

export type Account = { id: string; login: string; roles: string[]; person: (Ref & { team: string | null }) | null };
export type Session = {
  account: Account;
  tenant: Ref & { language: string; time_zone: string };
  permissions: string[];
  csrf_token: string;
  expires_at: string;
};

/** JSON Schema 2020-12 with the `x-` notes of docs/reference/forms.md. */
export type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  required?: string[];
  properties?: Record<string, Schema | boolean>;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
  else?: Schema;
  not?: Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  readOnly?: boolean;
  additionalProperties?: boolean | Schema;
  "x-widget"?: string;
  "x-words"?: string;
  "x-values"?: string;
  "x-hint"?: string;
  "x-order"?: number;
  "x-section"?: string;
  "x-none"?: string;
  "x-past"?: boolean;
  "x-future"?: boolean;
  "x-computed"?: string;
  "x-shown-when"?: Record<string, unknown[]>;
  "x-proofs"?: Record<string, Schema>;
  "x-case"?: string[];
  "x-ref"?: string;
};

export type Rating = { value: number; text: string | null };
export type Factor = { key: string; name: string; ratings: Rating[] };
export type Band = { id: string; value: string; from?: number | null; above?: number | null };
export type Method = { key: string; name: string; factors: Factor[]; bands: Band[]; only_import?: boolean };
export type Computed = { key: string; field: string; from: string; values: string[]; methods: Method[] };

export type Outcome = { key: string; name: string };
export type DutyKind = {
  key: string;
  name: string;
  deed: string;
  blind?: boolean;
  within_text?: string | null;
  form?: string | null;
  assist_form?: string | null;
  prove?: string[];
  outcomes?: Outcome[];
};
export type StageKind = { key: string; name: string; duties: DutyKind[]; then?: Record<string, string> };
export type MoveKind = { key: string; name: string; form?: string | null; duties?: string[]; needs_approval?: boolean };
export type Kind = {
  key: string;
  version: string;
  name: string;
  description?: string | null;
  number_prefix: string;
  raised_by: string[];
  form: Schema;
  forms: Record<string, Schema>;
  subject: Record<string, string>;
  stages: StageKind[];
  moves: MoveKind[];
  outcomes: Outcome[];
  words: Record<string, string>;
  columns: { field: string; name: string }[];
  computed?: Computed[];
};

export type TableColumn = { key: string; name: string; io: "in" | "out" };
export type TableRow = { row: number; name?: string; cells: string[]; is_default: boolean; source: string | null };
export type DecisionTable = { key: string; name: string; version: string; columns: TableColumn[]; rows: TableRow[] };

export type CaseBrief = {
  id: string;
  version: number;
  kind: string;
  kind_name: string;
  number: string;
  title: string;
  status: string;
  stage: string | null;
  stage_name: string | null;
  risk_level: string | null;
  grade: string | null;
  area: Ref | null;
  equipment: (Ref & { number: string }) | null;
  category: string | null;
  category_name: string | null;
  source: string;
  reporter: Ref | null;
  finder: Ref | string | null;
  found_at: string;
  opened_at: string;
  due_at: string | null;
  overdue_at: string | null;
  closed_at: string | null;
  outcome: string | null;
  outcome_name: string | null;
  imported: boolean;
  reopened: number | boolean;
  owners: string[];
  cycle_working_days: number | null;
  incomplete?: Reason[];
};

export type StoredFile = {
  sha256: string;
  slot: string | null;
  kind: string;
  media_type: string;
  width: number | null;
  height: number | null;
  size: number;
  url: string;
  thumb_url: string | null;
  captured_at: string | null;
  received_at: string;
  captured_where: unknown;
  captured_by: Ref | null;
  remarks?: unknown;
};
export type Place =
  | { type: "gps"; lat: number; lon: number; accuracy_m?: number | null; datum?: string }
  | { type: "no_fix" }
  | { type: "not_permitted" };
export type FileUse = {
  slot: string;
  sha256: string;
  captured_at?: string | null;
  sent_at?: string | null;
  captured_where?: { fix: Place } | null;
  device?: string | null;
};

export type Remark = { code: string; verdict: string | null; text: string };
export type Comparison = {
  verdict: string;
  time_verdict: string;
  place_verdict: string | null;
  remarks: Remark[];
};
export type Drawing = { width: number; height: number; strokes: [number, number, number][][] };
export type Rung = { key: string; name: string; at: string; to_text: string; reached: boolean };
export type MoveOption = { key: string; name: string; form?: string | null; duty?: number | null; ok: boolean; why: string | null };
export type Party = { text: string; kind: string; id: string | null };
export type Holder = { id: string; name: string; on_duty: boolean };
export type Duty = {
  no: number;
  key: string;
  name: string;
  stage: string;
  stage_name: string;
  round: number;
  deed: string;
  part: string;
  party: Party;
  holders: Holder[];
  status: string;
  opened_at: string;
  due_at: string;
  breached_at: string | null;
  overdue: boolean;
  claimed_by: Ref | null;
  ended_at: string | null;
  ended_by: Ref | null;
  on_behalf_of: Ref | null;
  outcome: string | null;
  outcome_name: string | null;
  form: Values | null;
  files: StoredFile[];
  comparison: Comparison | null;
  signature?: { drawing: Drawing; signed_hash: string; statement: string; legal_note: string } | null;
  blind: boolean;
  form_key: string | null;
  prove: string[];
  outcomes: Outcome[];
  rungs: Rung[];
  /** The asked move that this duty decides. */
  move?: number | null;
  may: { do: Gate; claim: Gate; moves: MoveOption[] };
};

export type AskedMove = {
  no: number;
  key: string;
  name: string;
  duty: number | null;
  by: Ref | null;
  asked_at: string;
  form: Values;
  granted: boolean | null;
};
export type CaseLink = { relation: string; relation_name: string; id: string; case: CaseBrief | null };
export type UsedTable = {
  table: string;
  table_name: string;
  version: string;
  row: number;
  outputs: Values;
  purpose: string;
  purpose_name?: string | null;
  row_name?: string | null;
};
export type Case = CaseBrief & {
  form: Values;
  computed: Values;
  files: StoredFile[];
  duties: Duty[];
  moves: AskedMove[];
  links: CaseLink[];
  may: { revise: Gate; note: Gate; moves: MoveOption[] };
  tables: UsedTable[];
  blind: boolean;
};
export type TimelineItem = { version: number; at: string; by: Ref | null; type: string; text: string; detail: Values };
export type Task = { case: CaseBrief; duty: Duty };
export type TaskCounts = { mine: number; overdue: number; team: number };
export type Notice = {
  id: number;
  at: string;
  template: string;
  text: string;
  urgent: boolean;
  case: string | null;
  number: string | null;
  duty: number | null;
  seen_at: string | null;
};
export type Preview = {
  stage: string;
  stage_name: string;
  duties: { key: string; name: string; party: Party; part: string; due_at: string }[];
  tables: UsedTable[];
};
export type Checked = { intake: Reason[]; dispatch: Reason[]; computed: Values; preview?: Preview | null };
export type Similar = CaseBrief & { score: number };

export type Choices = {
  areas: { id: string; name: string; parent: string | null; photos_allowed: boolean }[];
  equipment: { id: string; number: string; name: string; area: string }[];
  people: { id: string; name: string; number: string; team: string | null }[];
  teams: { id: string; name: string }[];
  posts: { id: string; name: string; per_area?: boolean }[];
};
export type PlantItem = { id: string; version: number; body: Values };
export type PlantNode = {
  id: string;
  name: string;
  parent: string | null;
  owners: string[];
  equipment: number;
  open_cases?: number | null;
  overdue_cases?: number | null;
};

export type ImportColumn = { column: number | null; head: string | null; confidence: number };
export type ImportLayout = { sheet: string; head_rows: number[]; columns: Record<string, ImportColumn>; problems: Reason[] };
export type ImportRow = { row: number; status: string | null; accepted: boolean; duplicate: boolean; values: Values; reasons: Reason[] };
export type ImportCounts = {
  rows: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  skipped: number;
  open: number;
  history: number;
};
export type ImportPreview = {
  id: string;
  kind: string;
  file_name: string;
  sheets: string[];
  heads: string[];
  fields: Record<string, string>;
  layout: ImportLayout;
  sample: ImportRow[];
  counts: ImportCounts;
};
export type ImportDone = ImportCounts & { state: string; done: number };
export type ImportRun = {
  id: string;
  file_name: string;
  kind: string;
  at: string;
  by: Ref | null;
  state: string;
  counts: ImportCounts | null;
  committed_at: string | null;
};

export type PackVersion = {
  name: string;
  version: string;
  title: string;
  kinds: string[];
  published_at: string;
  published_by: Ref | string | null;
  current: boolean;
};
export type AccountRow = {
  id: string;
  login: string;
  roles: string[];
  person: string | null;
  language: "zh" | "en" | null;
  is_demo: boolean;
  has_password: boolean;
  disabled_at: string | null;
  locked_until: string | null;
  created_at: string;
};
export type Token = { id: string; name: string; account: string; created_at: string; expires_at: string | null; last_used_at: string | null };
export type NewToken = Token & { token: string };
export type SavedView = { id: string; name: string; query: string };
