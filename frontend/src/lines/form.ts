/** The settings of the list of lines. */

import { formOf, NAME } from "../form";

export const form = () => formOf([NAME], {});

export const stub = () => ({});
