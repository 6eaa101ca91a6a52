import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';

/** What was typed into a field, by its name. */
export type Values<F extends string> = (field: F) => string;
type Faults<F extends string> = Partial<Record<F, string>>;

type Options<F extends string, R> = {
  /** The fields by their names, each with how the server's sentence about it reads. The first that matches gets it. */
  fields: Record<F, RegExp>;
  /** What can be told before anything is sent. */
  check?: (value: Values<F>) => Faults<F>;
  send: (value: Values<F>) => Promise<R>;
  onDone: (result: R, form: HTMLFormElement | null) => unknown;
};

/**
 * A form whose fields keep their own values. What is wrong is said at the field, before sending or after the server
 * refused, and the first such field gets the focus; what the server says about no field of it is `refusal`.
 */
export function useForm<F extends string, R>({ fields, check, send, onDone }: Options<F, R>) {
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<Faults<F>>({});
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: send,
    onSuccess: (result) => onDone(result, form.current),
  });
  const refused = error && fieldOf(error.message, fields);
  const faults: Faults<F> = refused ? { [refused]: error.message, ...missing } : missing;
  useEffect(() => {
    if (error || Object.keys(missing).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error, missing]);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const value: Values<F> = (field) => String(data.get(field) ?? '');
    const found = check?.(value) ?? {};
    reset();
    setMissing(found);
    if (Object.keys(found).length === 0) mutate(value);
  };
  return { form, onSubmit, faults, refusal: error && !refused ? error.message : null, isPending };
}

/** A schema's fault begins with the field's name (`email: Invalid`); others are sentences that speak of it. */
function fieldOf<F extends string>(message: string, fields: Record<F, RegExp>): F | null {
  for (const field in fields) {
    if (message.startsWith(`${field}:`) || fields[field].test(message)) return field;
  }
  return null;
}
