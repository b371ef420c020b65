/** Menu: the template as it was given, checked for what Electron would refuse. */

class MenuStandIn implements Pick<Electron.Menu, 'getMenuItemById'> {
  readonly items: Electron.MenuItem[];

  constructor(template: readonly Electron.MenuItemConstructorOptions[]) {
    this.items = template.map((item) => {
      if (item.label === undefined && item.role === undefined && item.type !== 'separator') {
        throw new Error('Invalid template for MenuItem: must have label, role or type');
      }
      const submenu = Array.isArray(item.submenu) ? new MenuStandIn(item.submenu) : undefined;
      return { ...item, submenu } as unknown as Electron.MenuItem;
    });
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item;
      const found = item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}

let applicationMenu: MenuStandIn | null = null;

export const Menu = {
  buildFromTemplate: (template) =>
    new MenuStandIn(template as Electron.MenuItemConstructorOptions[]) as unknown as Electron.Menu,
  setApplicationMenu: (menu) => void (applicationMenu = menu as unknown as MenuStandIn | null),
  getApplicationMenu: () => applicationMenu as unknown as Electron.Menu | null,
} satisfies Partial<typeof Electron.Menu>;
