import { useCallback, useEffect, useRef, useState, type SetStateAction } from "react";

import { uuid7 } from "../api/uuid";
import type { Schema, Values } from "../api/types";
import { defaultsOf } from "./reading";
import { keepable, NO_PROOFS, type Proofs } from "./proofs";

export type Filling = {
  values: Values;
  setValues: (next: SetStateAction<Values>) => void;
  set: (name: string, value: unknown) => void;
  proofs: Proofs;
  setProofs: (next: SetStateAction<Proofs>) => void;
  /** The same for every try of sending this form, so that a retry never makes two. */
  key: string;
  /** Begins a fresh form, forgetting the draft. */
  reset: () => void;
  /** Another key for the same content, so that it counts as another doing. */
  renew: () => void;
  /** Whether it began with what was kept from last time. */
  restored: boolean;
};

type Kept = { values: Values; proofs: Proofs; key: string };

/** A form being filled in. With a `place` each change is kept there, and found again after a reload. */
export function useFilling(form: Schema | undefined, place: string | null, initial: Values = {}): Filling {
  const [kept] = useState(() => (place ? read(place) : null));
  const [values, setValues] = useState<Values>(() => kept?.values ?? { ...(form ? defaultsOf(form) : {}), ...initial });
  const [proofs, setProofs] = useState<Proofs>(kept?.proofs ?? NO_PROOFS);
  const [key, setKey] = useState(() => kept?.key ?? uuid7());
  const touched = useRef(kept !== null);

  useEffect(() => {
    if (place && touched.current) write(place, { values, proofs: keepable(proofs), key });
  }, [place, values, proofs, key]);

  const change = useCallback((next: SetStateAction<Values>) => {
    touched.current = true;
    setValues(next);
  }, []);
  const prove = useCallback((next: SetStateAction<Proofs>) => {
    touched.current = true;
    setProofs(next);
  }, []);
  const set = useCallback((name: string, value: unknown) => change((before) => ({ ...before, [name]: value })), [change]);
  const reset = useCallback(() => {
    touched.current = false;
    if (place) localStorage.removeItem(place);
    setValues({ ...(form ? defaultsOf(form) : {}), ...initial });
    setProofs(NO_PROOFS);
    setKey(uuid7());
  }, [place, form, initial]);
  const renew = useCallback(() => setKey(uuid7()), []);
  return { values, setValues: change, set, proofs, setProofs: prove, key, reset, renew, restored: kept !== null };
}

function read(place: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "null") as Kept | null;
    return kept && typeof kept.values === "object" && kept.proofs?.pieces ? kept : null;
  } catch {
    return null;
  }
}

function write(place: string, kept: Kept): void {
  try {
    localStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // A full or forbidden storage must not stop anybody from reporting.
  }
}
