/**
 * Shapes of the server's answers, from its own contract (`npm run types` writes generated.ts from contract/openapi.json).
 * Only what the contract leaves open is said here: forms, and what is drawn from them.
 */
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Values = Record<string, unknown>;
export type Page<T> = { items: T[]; next?: string | null; total?: number | null };
export type Reason = Schemas["ReasonBody"];
export type Gate = Schemas["Gate"];
export type PhotoFindings = Schemas["PhotoFindings"];
export type PlacePair = Schemas["PlacePair"];
export type Repeat = Schemas["RepeatView"];
export type Ref = Schemas["Named"];
export type EarlierCases = Schemas["EarlierCases"];
export type LapsedName = Schemas["LapsedName"];
export type Briefing = Schemas["BriefingView"];
export type BriefTask = Schemas["BriefTask"];
export type TakenPicture = Schemas["TakenPicture"];
export type FloorFigures = Schemas["FloorPlanView"];
export type PlanArea = Schemas["PlanAreaView"];
export type Session = Schemas["SessionBody"];

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

export type Outcome = Schemas["Outcome"];
export type DutyKind = Schemas["DutyKindView"];
export type StageKind = Schemas["StageKindView"];
export type MoveKind = Schemas["MoveKindView"];
export type Kind = Omit<Schemas["KindView"], "form" | "forms" | "computed"> & {
  form: Schema;
  forms: Record<string, Schema>;
  computed: Computed[];
};
export type DecisionTable = Schemas["TableKindView"];

export type CaseBrief = Schemas["CaseBrief"];
export type Reported = Schemas["ReportAnswer"];
export type StoredFile = Schemas["FileView"];
export type SentFile = Schemas["SentFile"];
export type Place = { type: "gps"; lat: number; lon: number; accuracy_m?: number | null; datum?: "wgs84" | "gcj02" | "unknown" } | { type: "no_fix" } | { type: "not_permitted" };
export type FileUse = Schemas["FileBody"];
export type Comparison = Schemas["ComparisonView"];
export type Drawing = { width: number; height: number; strokes: [number, number, number][][] };
export type Signature = Omit<Schemas["SignatureView"], "drawing"> & { drawing: Drawing };
export type Rung = Schemas["RungView"];
export type MoveOption = Schemas["MoveGate"];
export type Duty = Omit<Schemas["DutyView"], "signature"> & { signature: Signature | null };
export type CaseLink = Schemas["LinkView"];
export type UsedTable = Schemas["TableAnswerView"];
export type Case = Omit<Schemas["CasePage"], "duties"> & { duties: Duty[] };
export type Papers = Schemas["PapersView"];
export type IssuedPaper = Schemas["IssuedPaperView"];
export type PaperOffer = Schemas["PaperOffer"];
export type PaperBack = Schemas["PaperBack"];
export type TimelineItem = Schemas["TimelineItem"];
export type Task = { case: CaseBrief; duty: Duty };
export type TaskCounts = Schemas["TaskCountsBody"];
export type Notice = Schemas["Notice"];
export type Statistics = Schemas["StatisticsView"];
export type Meeting = Schemas["MeetingView"];
export type Population = Schemas["PopulationView"];
export type Figure = Schemas["FigureView"];
export type Dimension = Schemas["DimensionView"];
export type Checked = Schemas["CheckAnswer"];
export type Offered = Schemas["LibraryEntry"];
export type Similar = Schemas["SimilarCase"];

export type Choices = {
  areas: { id: string; name: string; parent: string | null; photos_allowed: boolean }[];
  equipment: { id: string; number: string; name: string; area: string }[];
  people: { id: string; name: string; number: string; team: string | null }[];
  teams: { id: string; name: string }[];
  posts: { id: string; name: string; per_area: boolean }[];
};
export type PlantItem = Schemas["ItemBody"];
export type PlantNode = Schemas["AreaNode"];
export type PlantChange = Schemas["PlantImportBody"];

export type ImportLayout = Schemas["LayoutBody"];
export type ImportRow = Schemas["RowBody"];
export type ImportCounts = Schemas["CountsBody"];
export type ImportPreview = Schemas["ImportBody"];
export type ImportDone = Schemas["ImportDoneBody"];
export type ImportRun = Schemas["RunBody"];

export type PackVersion = Schemas["PackBody"];
export type PackCheck = Schemas["PackCheckBody"];
export type PackChanges = Schemas["PackChanges"];
export type PackChange = Schemas["PackChange"];
export type PackFact = Schemas["FactChange"];
export type AccountRow = Schemas["AccountBody"];
export type Token = Schemas["TokenBody"];
export type NewToken = Schemas["NewTokenBody"];
export type SavedView = Schemas["ViewBody"];
