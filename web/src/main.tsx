import {render} from "preact";
import "./style.css";
import {App} from "./app";
import {startTheme} from "./theme";

startTheme();
render(<App />, document.getElementById("app")!);
