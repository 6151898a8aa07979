import { Input } from 'antd';
import { useState } from 'react';

/** A person is sought by this; it is sent in a body and stands in no address. */
export function SearchText({ label, onSeek }: { label: string; onSeek: (text: string) => void }) {
  const [typed, setTyped] = useState('');
  return (
    <Input.Search
      allowClear
      className="find"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={({ target }) => {
        setTyped(target.value);
        if (target.value === '') onSeek('');
      }}
      onSearch={(text) => onSeek(text.trim())}
    />
  );
}

const WHOLE_NUMBER = /^[A-Za-z][\dA-Za-z*]{18}$/;

/** Whom a text names: a student number, or else a name. */
export const studentNamed = (text: string): { studentNumber: string } | { name: string } =>
  WHOLE_NUMBER.test(text) ? { studentNumber: text.toUpperCase() } : { name: text };

const ENDING = /^[\dXx]{6}$/;

/** As `studentNamed`, in the search of students, which knows the end of a number too. */
export const soughtStudent = (text: string): { numberEnding?: string; studentNumber?: string; name?: string } =>
  text === '' ? {} : ENDING.test(text) ? { numberEnding: text.toUpperCase() } : studentNamed(text);
