import fc from 'fast-check';
import { strangeIn } from '../../src/platform/http/texts.js';
import { disposed, fileNameOf } from '../../src/evidence/file-name.js';

const PDF = 'application/pdf';

describe('the name of an uploaded file', () => {
  it.each([
    ['张三的户口本.pdf', PDF, '张三的户口本.pdf'],
    ['C:\\Users\\王老师\\桌面\\证明 (1).PDF', PDF, '证明 (1).PDF'],
    ['../../etc/passwd', PDF, 'passwd.pdf'],
    ['photo.jpeg', 'image/jpeg', 'photo.jpeg'],
    ['photo.png', 'image/jpeg', 'photo.png.jpg'],
    ['invoice\u202efdp.exe', PDF, 'invoicefdp.exe.pdf'],
    ['证\u200b明\u0000\n 书 .pdf', PDF, '证明 书.pdf'],
    ['e\u0301.pdf', PDF, '\u00e9.pdf'],
    ['a"b<c>d:e|f?g*h.pdf', PDF, 'a_b_c_d_e_f_g_h.pdf'],
    ['..', PDF, '证明材料.pdf'],
    ['', 'image/png', '证明材料.png'],
    ['.pdf', PDF, '证明材料.pdf'],
    ['con.pdf', PDF, '_con.pdf'],
    [`${'长'.repeat(300)}.pdf`, PDF, `${'长'.repeat(100)}.pdf`],
  ])('%j of %s is kept as %j', (sent, type, kept) => expect(fileNameOf(sent, type)).toBe(kept));

  it('whatever is sent, has no folder, nothing invisible, one line, an end, and is kept so when it is sent again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (sent) => {
        const name = fileNameOf(sent, PDF);
        expect(name).toMatch(/^[^/\\]{1,210}\.pdf$/i);
        expect(strangeIn(name)).toBeUndefined();
        expect(fileNameOf(name, PDF)).toBe(name);
        expect(disposed('attachment', name, 'x.pdf')).toMatch(/^attachment; filename="x\.pdf"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/);
      }),
    );
  });
});
