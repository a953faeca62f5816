mod custom;
mod iax;
mod sccp;
mod sip;
mod sip_templates;
