/**
 * Puts text into the clipboard; false where that is not allowed. The desktop app grants its page no permissions, so
 * there the older way has to do: a field that is selected and copied by the person's own key or click.
 */
export async function copyText(text: string, beside: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'aside';
    // Within the dialog that holds the focus: elsewhere it would be taken back before anything is copied.
    beside.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return copied;
  }
}
