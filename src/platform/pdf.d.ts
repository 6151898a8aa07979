/** The parts of pdfmake and fontkit that are used here. fontkit brings no types, and those made for pdfmake bring a browser's with them. */
declare module 'fontkit' {
  export function openSync(file: string): { hasGlyphForCodePoint(point: number): boolean };
}

declare module 'pdfmake' {
  interface Text {
    readonly text: string;
    readonly bold?: boolean;
    readonly fontSize?: number;
    readonly fillColor?: string;
    readonly alignment?: 'left' | 'center' | 'right';
    /** Left, top, right, bottom. */
    readonly margin?: readonly number[];
  }
  interface Table {
    readonly table: {
      readonly headerRows: number;
      readonly dontBreakRows: boolean;
      readonly widths: readonly (string | number)[];
      readonly body: readonly (readonly Text[])[];
    };
    readonly layout: 'lightHorizontalLines';
  }
  export interface Document {
    readonly pageSize: 'A4';
    readonly pageOrientation: 'landscape';
    readonly pageMargins: readonly number[];
    readonly defaultStyle: { readonly font: string; readonly fontSize: number };
    readonly info: { readonly title: string };
    readonly content: readonly (Text | Table)[];
    readonly footer: (page: number, pages: number) => Text;
  }
  const pdfmake: {
    setFonts(fonts: Readonly<Record<string, { readonly normal: string; readonly bold: string }>>): void;
    setUrlAccessPolicy(allowed: (url: string) => boolean): void;
    setLocalAccessPolicy(allowed: (file: string) => boolean): void;
    createPdf(document: Document): { getBuffer(): Promise<Buffer> };
  };
  export default pdfmake;
}
