import { type ChangeEvent, type FormEvent, useRef, useState } from "react";

/** What is wrong with which field, in words that stand next to it. */
export type FieldErrors<Name extends string> = Partial<Record<Name, string | undefined>>;

interface FieldsOptions<Name extends string> {
  initial: Record<Name, string>;
  /** Runs when the form is sent, and then on every change until all is well. */
  check?: (values: Record<Name, string>) => FieldErrors<Name>;
  onSubmit: (values: Record<Name, string>) => void;
}

/**
 * The state of a small form of text fields. Sending a form with mistakes puts the focus into the first field that has
 * one. `setErrors` shows what the server found.
 */
export function useFields<Name extends string>({ initial, check, onSubmit }: FieldsOptions<Name>) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [errors, showErrors] = useState<FieldErrors<Name>>({});

  const setErrors = (found: FieldErrors<Name>) => {
    showErrors(found);
    const first = (Object.keys(values) as Name[]).find((name) => found[name] !== undefined);
    const field = first && form.current?.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
  };
  const setValue = (name: Name, value: string) => {
    setValues({ ...values, [name]: value });
    if (errors[name] !== undefined) showErrors({ ...errors, [name]: undefined });
  };
  return {
    values,
    setValue,
    setErrors,
    /** Props of the form. */
    form: {
      ref: form,
      noValidate: true,
      onSubmit: (event: FormEvent) => {
        event.preventDefault();
        const found = check?.(values) ?? {};
        if (Object.values(found).some((words) => words !== undefined)) setErrors(found);
        else onSubmit(values);
      },
    },
    /** Props of one field. */
    field: (name: Name) => ({
      name,
      value: values[name],
      error: errors[name],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setValue(name, event.currentTarget.value),
    }),
  };
}
